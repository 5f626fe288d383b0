using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Billing.Testing;
using Billing.Testing.OpenApi;

namespace Billing.Client.Tests;

/// <summary>A backend of its own, as a seller runs it, on a clock that stands still. Every answer that its clients get is held against the OpenAPI document.</summary>
public sealed class RunningHost : IAsyncLifetime
{
    public const string ServiceKey = "sk_service_of_the_client_tests";
    public const string OperatorKey = "sk_operator_of_the_client_tests";
    private HostProcess _host = null!;
    private HttpClient _http = null!;

    public Uri Address => _host.Address;

    public DateTimeOffset Now { get; private set; } = DateTimeOffset.Parse("2025-11-03T10:30:00Z", CultureInfo.InvariantCulture);

    public BillingClient Client { get; private set; } = null!;

    public BillingOperator Operator { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var suffix = Guid.NewGuid().ToString("N")[..8];
        _host = await HostProcess.StartAsync(new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["AzureWebJobsStorage"] = (await Azurite.Shared).ConnectionString,
            ["Billing__TablePrefix"] = "c" + suffix,
            ["Billing__QueuePrefix"] = $"c{suffix}-",
            ["Billing__ServiceKeys__0"] = ServiceKey,
            ["Billing__OperatorKeys__0"] = OperatorKey,
            ["Billing__TestClock"] = Text(Now),
        });
        _http = new HttpClient(new OpenApiHandler(new SocketsHttpHandler())) { BaseAddress = _host.Address };
        Client = new BillingClient(_http, ServiceKey, new BillingClientOptions { LongestWait = TimeSpan.Zero });
        Operator = new BillingOperator(_http, OperatorKey, new BillingOperatorOptions { LongestWait = TimeSpan.Zero });
    }

    /// <returns>The API key of a new customer.</returns>
    public async Task<string> CustomerAsync(string product, string? plan = null) =>
        await KeyAsync((await Operator.CreateAccountAsync(new NewAccount(product, "Ada", "ada@example.com") { Plan = plan })).AccountId);

    /// <returns>An API key of an account.</returns>
    public async Task<string> KeyAsync(string accountId, bool testMode = false)
    {
        var session = await Operator.CreateSessionAsync(accountId);
        var body = new JsonObject { ["name"] = "Key", ["environment"] = testMode ? "test" : "production" };
        return (string)(await SendAsync(HttpMethod.Post, "/api/v1/api-keys", session.Token, body))["key"]!;
    }

    public async Task MoveClockAsync(TimeSpan time)
    {
        Now += time;
        using var http = new HttpClient { BaseAddress = Address };
        using var response = await http.PutAsJsonAsync("/dev/clock", new JsonObject { ["now"] = Text(Now) });
        response.EnsureSuccessStatusCode();
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _host.DisposeAsync();
    }

    private async Task<JsonObject> SendAsync(HttpMethod method, string path, string credential, JsonObject body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credential);
        using var response = (await _http.SendAsync(request)).EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
