using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Billing.Api;
using Billing.Api.Http;
using Billing.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Billing.Functions.Tests;

/// <summary>Each HTTP function answers what the Host answers to the same request, whoever sends it.</summary>
public sealed partial class HttpTriggerTests : IAsyncLifetime
{
    private IHost _host = null!;

    public static TheoryData<string> Names => [.. EndpointTable.All.Select(endpoint => endpoint.Name)];

    public async Task InitializeAsync()
    {
        _host = await TestApp.OnEmulatorAsync();
        await _host.Services.GetRequiredService<TableStore>().EnsureCreatedAsync(0, default);
        await _host.Services.GetRequiredService<MessageQueue>().EnsureCreatedAsync(0, default);
    }

    public Task DisposeAsync()
    {
        _host.Dispose();
        return Task.CompletedTask;
    }

    [Theory, MemberData(nameof(Names))]
    public async Task It_answers_as_the_Host_does(string name)
    {
        var endpoint = EndpointTable.All.Single(one => one.Name == name);
        var api = _host.Services.GetRequiredService<BillingApi>();
        foreach (var key in new[] { null, "wrong", TestApp.OperatorKey, TestApp.ServiceKey })
        {
            foreach (var body in new[] { "", "{}", """{"unknown": 1}""", "{" })
            {
                Assert.Equal(
                    await AnswerAsync(endpoint, key, body, http => api.HandleAsync(http, endpoint)),
                    await AnswerAsync(endpoint, key, body, http => Run(name, http.Request)));
            }
        }
    }

    [Theory]
    [InlineData("MoveClock", "PUT", "/dev/clock")]
    [InlineData("ZNoEndpoint", "GET", "/nowhere")]
    public async Task Where_nothing_is_the_answer_is_the_error_body_of_everywhere(string name, string method, string path)
    {
        var answer = await AnswerAsync(NoEndpoint.Endpoint with { Method = method, Route = path[1..] }, null, "", http => Run(name, http.Request));

        Assert.StartsWith("404 ", answer, StringComparison.Ordinal);
        Assert.Contains($"There is no {method} {path} here", answer, StringComparison.Ordinal);
        Assert.Contains("application/problem+json", answer, StringComparison.Ordinal);
    }

    private Task<IResult> Run(string name, HttpRequest request)
    {
        var run = typeof(FunctionsApp).Assembly.GetTypes().SelectMany(type => type.GetMethods()).Single(method => method.GetCustomAttribute<FunctionAttribute>()?.Name == name);
        return (Task<IResult>)run.Invoke(ActivatorUtilities.CreateInstance(_host.Services, run.DeclaringType!), [request])!;
    }

    private async Task<string> AnswerAsync(ApiEndpoint endpoint, string? key, string body, Func<HttpContext, Task<IResult>> answer)
    {
        var http = new DefaultHttpContext { RequestServices = _host.Services, TraceIdentifier = "trace" };
        http.Request.Method = endpoint.Method;
        http.Request.Path = "/" + endpoint.Route;
        http.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        http.Request.ContentLength = body.Length;
        http.Response.Body = new MemoryStream();
        if (key is not null)
        {
            http.Request.Headers.Authorization = $"Bearer {key}";
        }

        await (await answer(http)).ExecuteAsync(http);

        // The length changes with the digits of an instant.
        var headers = string.Join("\n", http.Response.Headers.Where(header => header.Key != "Content-Length").OrderBy(header => header.Key, StringComparer.Ordinal).Select(header => $"{header.Key}: {header.Value}"));
        var text = Encoding.UTF8.GetString(((MemoryStream)http.Response.Body).ToArray());
        return $"{http.Response.StatusCode} {headers}\n{Latency().Replace(Instant().Replace(text, "\"…Z\""), "…")}";
    }

    [GeneratedRegex("\"[0-9T:.-]{19,}Z\"")]
    private static partial Regex Instant();

    [GeneratedRegex("(?<=\"latency_ms\":)\\d+")]
    private static partial Regex Latency();
}
