using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Billing.Testing;
using Billing.Testing.OpenApi;

namespace Billing.Client.Tests;

/// <summary>A backend of its own, as a seller runs it, with customers made through the operator's API.</summary>
public sealed class RunningHost : IAsyncLifetime
{
    public const string ServiceKey = "sk_service_of_the_client_tests";
    private const string OperatorKey = "sk_operator_of_the_client_tests";
    private HostProcess _host = null!;
    private HttpClient _http = null!;

    public Uri Address => _host.Address;

    /// <summary>Every answer that it gets is held against the OpenAPI document.</summary>
    public BillingClient Client { get; private set; } = null!;

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
        });
        _http = new HttpClient(new OpenApiHandler(new SocketsHttpHandler())) { BaseAddress = _host.Address };
        Client = new BillingClient(_http, ServiceKey);
    }

    /// <returns>The API key of a new customer.</returns>
    public async Task<string> CustomerAsync(string product, string? plan = null)
    {
        var account = await PostAsync(OperatorKey, "admin/accounts", new() { ["product"] = product, ["name"] = "Ada", ["email"] = "ada@example.com", ["plan"] = plan });
        var session = await PostAsync(OperatorKey, "admin/sessions", new() { ["account_id"] = (string)account["account_id"]! });
        return (string)(await PostAsync((string)session["token"]!, "api-keys", new() { ["name"] = "Key", ["environment"] = "production" }))["key"]!;
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _host.DisposeAsync();
    }

    private async Task<JsonObject> PostAsync(string credential, string path, JsonObject body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/{path}") { Content = JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credential);
        using var response = (await _http.SendAsync(request)).EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonObject>())!;
    }
}
