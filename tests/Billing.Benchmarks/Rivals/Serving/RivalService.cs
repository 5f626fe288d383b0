using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Benchmarks.Rivals.Serving;

/// <summary>The least HTTP service that would do: service key, customer key, Idempotency-Key, admit, answer. What differs between rivals is behind it.</summary>
internal sealed class RivalService(IAdmits admits, FrozenDictionary<string, string> workspaces, byte[] authorization)
{
    /// <summary>What a rival process is called with.</summary>
    public const string Command = "serve";

    public const string Postgres = "postgres";
    public const string Plain = "plain";
    public const string StorageVariable = "RIVAL_STORAGE";
    public const string TableVariable = "RIVAL_TABLE";
    public const string WorkspacesVariable = "RIVAL_WORKSPACES";
    public const string ServiceKeyVariable = "RIVAL_SERVICE_KEY";
    private const int LongestBody = 16_384;

    /// <summary>Serves until the process ends.</summary>
    public static async Task<int> RunAsync(string rival)
    {
        var count = int.Parse(Setting(WorkspacesVariable), CultureInfo.InvariantCulture);
        await using IAdmits admits = rival == Postgres ? new PostgresAdmits(Setting(StorageVariable)) : new PlainAdmits(Setting(StorageVariable), Setting(TableVariable));
        await admits.OpenAsync(count);
        var service = new RivalService(admits, RivalWorkspaces.ByKey(count), Encoding.UTF8.GetBytes("Bearer " + Setting(ServiceKeyVariable)));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddRoutingCore();
        await using var app = builder.Build();
        app.MapPost("/api/v1/generations", (RequestDelegate)service.AdmitAsync);
        await app.RunAsync();
        return 0;
    }

    private async Task AdmitAsync(HttpContext http)
    {
        var headers = http.Request.Headers;
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(headers.Authorization.ToString()), authorization)
            || !workspaces.TryGetValue(headers["X-Api-Key"].ToString(), out var workspaceId))
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        if (http.Request.ContentLength is not (> 0 and <= LongestBody) || headers["Idempotency-Key"].ToString() is not { Length: >= 1 and <= 255 } key)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        var body = new byte[http.Request.ContentLength.Value];
        await http.Request.Body.ReadExactlyAsync(body, http.RequestAborted);
        if (Order.Parse(body) is not { } order)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        await AnswerAsync(http.Response, workspaceId, order, await admits.AdmitAsync(workspaceId, key, body, order));
    }

    private static async Task AnswerAsync(HttpResponse response, string workspaceId, Order order, Decision decision)
    {
        response.StatusCode = decision.Verdict switch
        {
            Verdict.TooLow => StatusCodes.Status402PaymentRequired,
            Verdict.KeyReused => StatusCodes.Status422UnprocessableEntity,
            _ => StatusCodes.Status201Created,
        };
        if (response.StatusCode != StatusCodes.Status201Created)
        {
            return;
        }

        var answer = new ArrayBufferWriter<byte>(1_024);
        RivalAnswer.Write(answer, workspaceId, order, decision);
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = answer.WrittenCount;
        await response.BodyWriter.WriteAsync(answer.WrittenMemory);
    }

    private static string Setting(string name) => Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"{name} is missing.");
}
