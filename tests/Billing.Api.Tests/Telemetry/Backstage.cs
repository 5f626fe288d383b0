using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json;
using Billing.Api.Admin;
using Billing.Api.Development;
using Billing.Api.Generations;
using Billing.Api.Http;
using Billing.Api.Keys;
using Billing.Api.Tests.Worlds;
using Billing.Engine.Ports;
using Billing.InMemory;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Billing.Api.Tests.Telemetry;

/// <summary>The backend in this process, over tables and queues in memory, with everything that it tells.</summary>
internal sealed class Backstage : IAsyncDisposable
{
    private const string ServiceKey = "a-service-key";
    private const string OperatorKey = "an-operator-key";
    private readonly ServiceProvider _services;
    private readonly Activity _request = new("request");

    public Backstage(string storage = "UseDevelopmentStorage=true", Action<IServiceCollection>? change = null, params (string Name, string Value)[] settings)
    {
        _request.SetIdFormat(ActivityIdFormat.W3C).Start();
        Told = new Listening(_request.TraceId);
        var all = new Dictionary<string, string?>
        {
            ["AzureWebJobsStorage"] = storage,
            ["Billing:ServiceKeys:0"] = ServiceKey,
            ["Billing:OperatorKeys:0"] = OperatorKey,
            ["Billing:TestClock"] = World.Start,
        };
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        var services = new ServiceCollection().AddLogging(logging => logging.AddProvider(Told))
            .AddBilling(new ConfigurationBuilder().AddInMemoryCollection(all).Build(), development: true)
            .AddSingleton<ITableStore>(Store)
            .AddSingleton<IMessageQueue>(Messages);
        change?.Invoke(services);
        _services = services.BuildServiceProvider();
        Told.Hear(_services.GetRequiredService<IMeterFactory>());
    }

    public InMemoryTableStore Store { get; } = new();

    public InMemoryMessageQueue Messages { get; } = new();

    public Listening Told { get; }

    public ActivityTraceId Trace => _request.TraceId;

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public void MoveTo(string now) => Assert.True(((DevClock)Get<TimeProvider>()).TryMove(DateTimeOffset.Parse(now, null)));

    /// <summary>An account with its API key.</summary>
    public async Task<(string WorkspaceId, string Key)> OpenAsync(string product, string? plan = null, string environment = "production")
    {
        var account = await OperatorAsync(CreateAccountEndpoint.Endpoint, new { product, name = "Ada", email = "ada@example.com", plan });
        var session = await OperatorAsync(CreateSession.Endpoint, new { account_id = account.GetProperty("account_id").GetString() });
        var key = await SendAsync(CreateApiKey.Endpoint, session.GetProperty("token").GetString()!, new { name = "Key", environment });
        return (account.GetProperty("workspace_id").GetString()!, key.GetProperty("key").GetString()!);
    }

    public Task<JsonElement> OperatorAsync(ApiEndpoint endpoint, object? body = null, string? id = null) => SendAsync(endpoint, OperatorKey, body, id);

    public Task<JsonElement> ServiceAsync(ApiEndpoint endpoint, string apiKey, object? body = null, string? id = null, string? idempotencyKey = null) =>
        SendAsync(endpoint, ServiceKey, body, id, apiKey, idempotencyKey);

    /// <summary>Admits once, and more often while that is being stored: those ride together in the commit after it.</summary>
    public async Task RideAsync(string apiKey, object body, int others)
    {
        var arrived = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        Store.BeforeCommit = async (_, _) =>
        {
            arrived.TrySetResult();
            await gate.Task;
            return null;
        };
        var first = ServiceAsync(AdmitGeneration.Endpoint, apiKey, body);
        await arrived.Task;
        var riding = Enumerable.Range(0, others).Select(_ => ServiceAsync(AdmitGeneration.Endpoint, apiKey, body)).ToList();
        gate.SetResult();
        await Task.WhenAll([first, .. riding]);
    }

    /// <summary>Sends a request and reads its answer, whatever its status.</summary>
    public async Task<JsonElement> SendAsync(ApiEndpoint endpoint, string bearer, object? body = null, string? id = null, string? apiKey = null, string? idempotencyKey = null)
    {
        var response = await AskAsync(endpoint, bearer, body, id, apiKey, idempotencyKey);
        return JsonOf(response);
    }

    public static JsonElement JsonOf(HttpResponse response) => JsonDocument.Parse(((MemoryStream)response.Body).ToArray()).RootElement;

    /// <summary>Asks with a query.</summary>
    public async Task<JsonElement> QueryAsync(ApiEndpoint endpoint, string bearer, string query, string? id = null) =>
        JsonOf(await AskAsync(endpoint, bearer, id: id, query: query));

    /// <summary>Sends a request of the service's for a workspace that it names.</summary>
    public Task<HttpResponse> NameAsync(ApiEndpoint endpoint, string workspaceId, object? body = null, string? id = null) =>
        AskAsync(endpoint, ServiceKey, body, id, headers: ("X-Workspace-Id", workspaceId));

    /// <summary>Sends a request.</summary>
    /// <param name="of">The route's other value: what of the one with the id is meant.</param>
    public async Task<HttpResponse> AskAsync(
        ApiEndpoint endpoint, string bearer, object? body = null, string? id = null, string? apiKey = null, string? idempotencyKey = null, (string Name, string Value) of = default, string query = "",
        params (string Name, string? Value)[] headers)
    {
        var http = new DefaultHttpContext { RequestServices = _services };
        var bytes = body is null ? [] : Encoding.UTF8.GetBytes(Json.Of(body));
        http.Request.Method = endpoint.Method;
        http.Request.Path = "/" + endpoint.Route;
        http.Request.Body = new MemoryStream(bytes);
        http.Request.ContentLength = bytes.Length;
        http.Request.QueryString = new QueryString(query);
        foreach (var (name, value) in new[] { ("id", id), of }.Where(one => one.Item2 is not null))
        {
            http.Request.RouteValues[name] = value;
        }

        http.Response.Body = new MemoryStream();
        http.Request.Headers.Authorization = $"Bearer {bearer}";
        foreach (var (name, value) in headers.Concat([("X-Api-Key", apiKey), ("Idempotency-Key", idempotencyKey)]))
        {
            if (value is not null)
            {
                http.Request.Headers[name] = value;
            }
        }

        await (await Get<BillingApi>().HandleAsync(http, endpoint)).ExecuteAsync(http);
        return http.Response;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Told.Dispose();
        _request.Dispose();
    }
}
