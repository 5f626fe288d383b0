using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Billing.Api;
using Billing.Api.Http;
using Billing.Api.Jobs;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.InMemory;
using Billing.Storage;
using Billing.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Billing.Differential;

/// <summary>An answer over HTTP.</summary>
internal sealed record Answer(int Status, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Root => JsonDocument.Parse(Body).RootElement.Clone();

    /// <summary>What stands at a path such as <c>charged.credits</c>: a decimal, a text, a truth or null.</summary>
    public object? At(string path)
    {
        var at = Root;
        foreach (var name in path.Split('.'))
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
            {
                return "(nothing)";
            }
        }

        return at.ValueKind switch
        {
            JsonValueKind.Number => at.GetDecimal(),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Null => null,
            JsonValueKind.String => at.GetString(),
            _ => at.GetRawText(),
        };
    }

    public string Text(string path) => (string)At(path)!;
}

/// <summary>The real API behind a real socket, over rows and messages in memory that outlive a restart.</summary>
internal sealed class Product : IAsyncDisposable
{
    private const string ServiceKey = "sk_service_of_the_differential_test_0001";
    private const string OperatorKey = "sk_operator_of_the_differential_test_0001";
    private static readonly HttpClient Http = new();
    private readonly InMemoryTableStore _rows = new();
    private readonly InMemoryMessageQueue _messages = new();
    private readonly string _catalogs = Directory.CreateTempSubdirectory("billing-differential-").FullName;
    private WebApplication _app = null!;
    private Uri _address = null!;

    /// <summary>Starts, or starts anew with other prices: what is stored stays.</summary>
    public async Task StartAsync(DateTimeOffset now, int factor)
    {
        await StopAsync();
        WriteCatalogs(factor);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        foreach (var (name, value) in new[]
        {
            ("AzureWebJobsStorage", "UseDevelopmentStorage=true"), ("Billing:Catalogs", _catalogs), ("Billing:TestClock", Iso(now)),
            ("Billing:ServiceKeys:0", ServiceKey), ("Billing:OperatorKeys:0", OperatorKey),
        })
        {
            builder.Configuration[name] = value;
        }

        builder.Services.AddBilling(builder.Configuration, development: true);
        builder.Services.AddSingleton<ITableStore>(_rows);
        builder.Services.AddSingleton<IMessageQueue>(_messages);
        _app = builder.Build();
        var api = _app.Services.GetRequiredService<BillingApi>();
        foreach (var endpoint in EndpointTable.All.AddRange(EndpointTable.Development))
        {
            _app.MapMethods("/" + endpoint.Route, [endpoint.Method], async (HttpContext http) => await (await api.HandleAsync(http, endpoint)).ExecuteAsync(http));
        }

        await _app.StartAsync();
        _address = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    public Task<Answer> OperatorAsync(HttpMethod method, string path, string? json = null) => SendAsync(method, path, json, OperatorKey);

    public Task<Answer> ServiceAsync(HttpMethod method, string path, string? json, string? apiKey = null, string? idempotencyKey = null) =>
        SendAsync(method, path, json, ServiceKey, ("X-Api-Key", apiKey), ("Idempotency-Key", idempotencyKey));

    /// <summary>The service names the workspace in place of a key.</summary>
    public Task<Answer> NamingAsync(HttpMethod method, string path, string? json, string workspaceId, bool test, string? idempotencyKey = null) =>
        SendAsync(method, path, json, ServiceKey, ("X-Workspace-Id", workspaceId), ("X-Test-Mode", test ? "true" : null), ("Idempotency-Key", idempotencyKey));

    public Task<Answer> CustomerAsync(HttpMethod method, string path, string? json, string credential) => SendAsync(method, path, json, credential);

    public Task<Answer> MoveAsync(DateTimeOffset now) => SendAsync(HttpMethod.Put, "/dev/clock", $$"""{"now": "{{Iso(now)}}"}""", null);

    /// <summary>The timers' jobs: they find what is due and send messages.</summary>
    public async Task RunJobsAsync()
    {
        foreach (var job in JobTable.All.Where(job => job.Schedule is not null))
        {
            await _app.Services.GetRequiredService<JobRunner>().RunAsync(job.Queue, default);
        }
    }

    /// <summary>Consumes every message, those that are hidden at first included, until none is left.</summary>
    public async Task ConsumeAsync()
    {
        var dispatcher = _app.Services.GetRequiredService<MessageDispatcher>();
        for (var quiet = false; !quiet;)
        {
            _messages.Advance(TimeSpan.FromMinutes(2));
            quiet = true;
            foreach (var queue in Queues.All)
            {
                foreach (var message in _messages.Drain(queue))
                {
                    quiet = false;
                    var consumption = await dispatcher.ConsumeAsync(new ShardQueue(0, queue), new ReceivedMessage(message.MessageId, message.Receipt, message.Message, 1, DateTimeOffset.UtcNow, IsText: true));
                    if (consumption.Kind == ConsumptionKind.Parked)
                    {
                        throw new DifferenceException($"{queue} parked {message.Message}: {consumption.Reason}");
                    }
                }
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_catalogs, recursive: true);
    }

    public static string Iso(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    private async Task StopAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }
    }

    private static async Task<Answer> ReadAsync(HttpResponseMessage response) => new(
        (int)response.StatusCode,
        await response.Content.ReadAsStringAsync(),
        response.Headers.ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase));

    private async Task<Answer> SendAsync(HttpMethod method, string path, string? json, string? bearer, params (string Name, string? Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(_address, path.StartsWith('/') ? path : "/api/v1/" + path));
        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers.Append(("Authorization", bearer is null ? null : "Bearer " + bearer)).Where(header => header.Item2 is not null))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await Http.SendAsync(request);
        return await ReadAsync(response);
    }

    /// <summary>The shipped catalogs, with every price of a generation multiplied.</summary>
    private void WriteCatalogs(int factor)
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "Billing", "Catalogs"), "*.json"))
        {
            var catalog = JsonNode.Parse(File.ReadAllText(file))!;
            foreach (var node in catalog["templates"]?.AsArray() ?? [])
            {
                if (node!["attributes"]?["base"] is { } value)
                {
                    node["attributes"]!["base"] = (int)value * factor;
                }
            }

            foreach (var price in catalog["pricing"]!["factors"]!.AsArray())
            {
                if ((string?)price!["kind"] == "constant")
                {
                    price["value"] = factor;
                }

                if ((string?)price["name"] == "size")
                {
                    price["values"] = new JsonObject { ["2K"] = factor, ["4K"] = 2 * factor };
                }
            }

            File.WriteAllText(Path.Combine(_catalogs, Path.GetFileName(file)), catalog.ToJsonString());
        }
    }
}
