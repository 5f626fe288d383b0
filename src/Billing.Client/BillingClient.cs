using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Billing.Client;

/// <summary>The billing backend, as the seller's generation service calls it. Thread-safe; one instance serves a process.</summary>
/// <param name="http">With the backend's address as its base address. Its time-out bounds one try.</param>
/// <param name="serviceKey">The service's own key.</param>
/// <param name="options">How to retry.</param>
public sealed class BillingClient(HttpClient http, string serviceKey, BillingClientOptions? options = null)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private readonly BillingClientOptions _options = options ?? new BillingClientOptions();

    /// <summary>May this customer generate this? Decided and charged in one step.</summary>
    /// <param name="customerKey">The customer's API key, as it sent it.</param>
    /// <param name="request">What it wants.</param>
    /// <param name="idempotencyKey">Names the attempt: the same key is charged once, however often it is sent, also by another process. Null for a fresh one.</param>
    /// <param name="cancellation">Gives up waiting; what was sent may still be charged.</param>
    /// <exception cref="BillingException">The backend could not be reached, or answered what this client does not know.</exception>
    public async Task<Admission> AdmitAsync(string customerKey, GenerationRequest request, string? idempotencyKey = null, CancellationToken cancellation = default)
    {
        var answer = await SendAsync<Generation>(HttpMethod.Post, "generations", customerKey, request.ToBody(), idempotencyKey ?? NewKey(), cancellation).ConfigureAwait(false);
        return answer.Value is { } generation ? new Admission.Admitted(generation) : new Admission.Refused(answer.Problem!);
    }

    /// <summary>The same for up to 100 generations in one charge.</summary>
    /// <exception cref="BillingRefusedException">The batch was refused as a whole.</exception>
    /// <inheritdoc cref="AdmitAsync"/>
    public Task<Batch> AdmitBatchAsync(
        string customerKey, IEnumerable<GenerationRequest> items, BatchMode mode = BatchMode.AllOrNothing, string? idempotencyKey = null, CancellationToken cancellation = default)
    {
        var body = new Dictionary<string, object?>
        {
            ["mode"] = mode == BatchMode.AllOrNothing ? "all_or_nothing" : "best_effort",
            ["items"] = items.Select(item => item.ToBody()).ToList(),
        };
        return RequireAsync<Batch>(HttpMethod.Post, "generations/batch", customerKey, body, idempotencyKey ?? NewKey(), cancellation);
    }

    /// <summary>It was delivered. Fewer units than asked for: the rest is refunded.</summary>
    /// <exception cref="BillingRefusedException">There is no such generation, or it was settled otherwise (<see cref="ProblemCodes.AlreadySettled"/>).</exception>
    public Task<Generation> CompleteAsync(string generationId, long? succeededUnits = null, CancellationToken cancellation = default) =>
        RequireAsync<Generation>(HttpMethod.Post, $"generations/{generationId}/complete", null, Body("succeeded_units", succeededUnits), null, cancellation);

    /// <summary>It failed, for one of <see cref="FailReasons"/>.</summary>
    /// <inheritdoc cref="CompleteAsync"/>
    public Task<Generation> FailAsync(string generationId, string reason, CancellationToken cancellation = default) =>
        RequireAsync<Generation>(HttpMethod.Post, $"generations/{generationId}/fail", null, Body("reason", reason), null, cancellation);

    /// <summary>It is still running: it expires later.</summary>
    /// <inheritdoc cref="CompleteAsync"/>
    public Task<Generation> HeartbeatAsync(string generationId, CancellationToken cancellation = default) =>
        RequireAsync<Generation>(HttpMethod.Post, $"generations/{generationId}/heartbeat", null, [], null, cancellation);

    /// <summary>What it would cost: a price that is kept for 15 minutes.</summary>
    /// <exception cref="BillingRefusedException">The parameters are wrong.</exception>
    public Task<Quote> QuoteAsync(string customerKey, GenerationRequest request, CancellationToken cancellation = default) =>
        RequireAsync<Quote>(HttpMethod.Post, "generations/quote", customerKey, request.ToBody(), null, cancellation);

    /// <summary>What can be spent.</summary>
    /// <exception cref="BillingRefusedException">The key does not work, or may not see the workspace.</exception>
    public Task<CreditBalance> GetCreditsAsync(string customerKey, string? workspaceId = null, CancellationToken cancellation = default) =>
        RequireAsync<CreditBalance>(HttpMethod.Get, workspaceId is null ? "credits" : $"credits?workspaceId={Uri.EscapeDataString(workspaceId)}", customerKey, null, null, cancellation);

    private static string NewKey() => Guid.NewGuid().ToString("N");

    private static Dictionary<string, object?> Body(string name, object? value) => value is null ? [] : new() { [name] = value };

    private async Task<T> RequireAsync<T>(
        HttpMethod method, string path, string? customerKey, Dictionary<string, object?>? body, string? idempotencyKey, CancellationToken cancellation)
        where T : class
    {
        var (value, problem) = await SendAsync<T>(method, path, customerKey, body, idempotencyKey, cancellation).ConfigureAwait(false);
        return value ?? throw new BillingRefusedException(problem!);
    }

    private async Task<(T? Value, Problem? Problem)> SendAsync<T>(
        HttpMethod method, string path, string? customerKey, Dictionary<string, object?>? body, string? idempotencyKey, CancellationToken cancellation)
        where T : class
    {
        for (var attempt = 1; ; attempt++)
        {
            using var request = Request(method, path, customerKey, body, idempotencyKey);
            using var response = await TrySendAsync(request, attempt, cancellation).ConfigureAwait(false);
            if (response is not null && !MayRetry(response, attempt))
            {
                return await ReadAsync<T>(response, cancellation).ConfigureAwait(false);
            }

            await Task.Delay(WaitOf(response, attempt), cancellation).ConfigureAwait(false);
        }
    }

    private HttpRequestMessage Request(HttpMethod method, string path, string? customerKey, Dictionary<string, object?>? body, string? idempotencyKey)
    {
        var request = new HttpRequestMessage(method, new Uri($"api/v1/{path}", UriKind.Relative));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", serviceKey);
        request.Content = body is null ? null : JsonContent.Create(body);
        if (customerKey is not null)
        {
            request.Headers.Add("X-Api-Key", customerKey);
        }

        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        return request;
    }

    /// <returns>Null when no answer came and there are tries left.</returns>
    private async Task<HttpResponseMessage?> TrySendAsync(HttpRequestMessage request, int attempt, CancellationToken cancellation)
    {
        try
        {
            return await http.SendAsync(request, cancellation).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return attempt < _options.MaxAttempts ? null : throw new BillingException("The billing backend did not answer.", exception);
        }
    }

    private bool MayRetry(HttpResponseMessage response, int attempt)
    {
        var cures = response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout
            || (response.StatusCode == HttpStatusCode.TooManyRequests && WaitOf(response, attempt) <= _options.LongestWait);
        return cures && attempt < _options.MaxAttempts;
    }

    private TimeSpan WaitOf(HttpResponseMessage? response, int attempt) => response?.Headers.RetryAfter?.Delta ?? _options.BackoffAfter(attempt);

    private static async Task<(T? Value, Problem? Problem)> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellation)
        where T : class
    {
        try
        {
            return response.IsSuccessStatusCode
                ? (await response.Content.ReadFromJsonAsync<T>(Json, cancellation).ConfigureAwait(false), null)
                : (int)response.StatusCode < 500
                    ? (null, await response.Content.ReadFromJsonAsync<Problem>(Json, cancellation).ConfigureAwait(false))
                    : throw new BillingException($"The billing backend answered {(int)response.StatusCode}.");
        }
        catch (JsonException exception)
        {
            throw new BillingException($"The billing backend answered {(int)response.StatusCode} with something that is not its JSON.", exception);
        }
    }
}
