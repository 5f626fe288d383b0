using System.Net.Http.Headers;
using System.Text;
using Billing.Testing.OpenApi;

namespace Billing.Api.Tests.Worlds;

/// <summary>Sends requests to one Host with one caller's credentials. Paths are below <c>/api/v1/</c> unless they start with a slash.</summary>
public sealed record Client(Uri Address, string? Bearer = null, string? ApiKey = null)
{
    /// <summary>The workspace that the service names.</summary>
    public string? Workspace { get; init; }

    /// <summary>The seller's own id that the service names, as it is; it is sent percent-encoded.</summary>
    public string? ExternalId { get; init; }

    /// <summary>X-Product.</summary>
    public string? Product { get; init; }

    /// <summary>X-Test-Mode.</summary>
    public string? TestMode { get; init; }

    // Every answer is held against the OpenAPI document.
    private static readonly HttpClient Http = new(new OpenApiHandler(new SocketsHttpHandler())) { Timeout = TimeSpan.FromSeconds(60) };

    public Client As(string? bearer, string? apiKey = null) => this with { Bearer = bearer, ApiKey = apiKey };

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<Answer> PostAsync(string path, string? json = null, string? idempotencyKey = null) => SendAsync(HttpMethod.Post, path, json, idempotencyKey);

    public Task<Answer> PutAsync(string path, string? json = null, string? idempotencyKey = null) => SendAsync(HttpMethod.Put, path, json, idempotencyKey);

    public Task<Answer> PatchAsync(string path, string json) => SendAsync(HttpMethod.Patch, path, json);

    public Task<Answer> DeleteAsync(string path, string? json = null) => SendAsync(HttpMethod.Delete, path, json);

    public Task<Answer> SendAsync(HttpMethod method, string path, string? json = null, string? idempotencyKey = null) =>
        SendAsync(method, path, json is null ? null : new StringContent(json, Encoding.UTF8, "application/json"), idempotencyKey is null ? [] : [("Idempotency-Key", idempotencyKey)]);

    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(Address, path.StartsWith('/') ? path : "/api/v1/" + path)) { Content = content };
        if (Bearer is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Bearer);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        foreach (var (name, value) in new[] { ("X-Api-Key", ApiKey), ("X-Workspace-Id", Workspace), ("X-External-Id", ExternalId is null ? null : Uri.EscapeDataString(ExternalId)), ("X-Product", Product), ("X-Test-Mode", TestMode) }.Where(header => header.Item2 is not null))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await Http.SendAsync(request);
        return new Answer(
            $"{method} {request.RequestUri!.PathAndQuery}",
            (int)response.StatusCode,
            response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase),
            await response.Content.ReadAsStringAsync());
    }
}
