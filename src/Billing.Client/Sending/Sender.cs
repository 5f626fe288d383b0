using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Billing.Client;

/// <summary>Sends a request until it is answered for good: what is lost, or answered with "later", is sent again, a bounded number of times.</summary>
internal sealed class Sender(Connection connection)
{
    /// <returns>What was asked for.</returns>
    /// <exception cref="BillingRefusedException">It is refused.</exception>
    public async Task<T> RequireAsync<T>(Outgoing outgoing, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : BillingResult
    {
        var (value, problem) = await SendAsync(outgoing, type, cancellation).ConfigureAwait(false);
        return value ?? throw new BillingRefusedException(problem!);
    }

    /// <summary>Has something done whose answer says nothing more.</summary>
    /// <exception cref="BillingRefusedException">It is refused.</exception>
    public async Task<Done> DoAsync(Outgoing outgoing, CancellationToken cancellation)
    {
        var (value, problem) = await SendAsync<Done>(outgoing, null, cancellation).ConfigureAwait(false);
        return value ?? throw new BillingRefusedException(problem!);
    }

    /// <returns>What was asked for, or why it is refused.</returns>
    public async Task<(T? Value, Problem? Problem)> SendAsync<T>(Outgoing outgoing, JsonTypeInfo<T>? type, CancellationToken cancellation)
        where T : BillingResult
    {
        if (outgoing.Customer is { Key: { } key } && !CanBeHeader(key))
        {
            // The customer's mistake, not the caller's; the backend would say the same if it could be sent.
            return (null, new Problem((int)HttpStatusCode.Unauthorized, ProblemCodes.Unauthorized, "The API key has characters that no key has."));
        }

        using var call = WatchedCall.Begin(outgoing);
        try
        {
            using var response = await AnswerAsync(outgoing, call, cancellation).ConfigureAwait(false);
            return await ReadAsync(response, type, call, cancellation).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            call.Failed(exception);
            throw;
        }
    }

    private static bool CanBeHeader(string text) => text.All(character => character is >= ' ' and <= '~');

    private async Task<HttpResponseMessage> AnswerAsync(Outgoing outgoing, WatchedCall call, CancellationToken cancellation)
    {
        var options = connection.Options();
        for (var attempt = 1; ; attempt++)
        {
            var (response, failure) = await TryAsync(outgoing, options, cancellation).ConfigureAwait(false);
            if (outgoing.Once || attempt >= options.MaxAttempts || WaitAfter(response, attempt, options) is not { } wait)
            {
                return response ?? throw new BillingException("The billing backend did not answer.", inner: failure);
            }

            var outcome = response is null ? failure!.GetType().Name : $"{(int)response.StatusCode}";
            call.Retried(outcome);
            ClientLog.Retried(connection.Logger, outgoing.Operation, attempt, outcome, (long)wait.TotalMilliseconds);
            response?.Dispose();
            await Task.Delay(wait, options.Clock, cancellation).ConfigureAwait(false);
            // The wait may have been over in the moment in which the caller gave up.
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private async Task<(HttpResponseMessage? Response, Exception? Failure)> TryAsync(Outgoing outgoing, BillingOptions options, CancellationToken cancellation)
    {
        using var request = RequestOf(outgoing, options.Key!);
        try
        {
            return (await connection.Http().SendAsync(request, cancellation).ConfigureAwait(false), null);
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return (null, failure); // a connection that broke, or HttpClient's own time-out
        }
    }

    private static HttpRequestMessage RequestOf(Outgoing outgoing, string key)
    {
        var request = new HttpRequestMessage(outgoing.Method, new Uri($"api/v1/{outgoing.Path}", UriKind.Relative))
        {
            Content = outgoing.Body is { } body ? JsonContent.Create(body, ClientJson.Default.JsonObject) : null,
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (outgoing.Customer is { } customer)
        {
            AddHeader(request, "X-Api-Key", customer.Key);
            AddHeader(request, "X-Workspace-Id", customer.WorkspaceId);
            AddHeader(request, "X-External-Id", customer.ExternalId is { } id ? Uri.EscapeDataString(id) : null);
            AddHeader(request, "X-Product", customer.Product);
            AddHeader(request, "X-Test-Mode", customer.TestMode ? "true" : null);
        }

        AddHeader(request, "Idempotency-Key", outgoing.IdempotencyKey);
        return request;
    }

    private static void AddHeader(HttpRequestMessage request, string name, string? value)
    {
        if (value is not null)
        {
            request.Headers.Add(name, CanBeHeader(value) ? value : throw new ArgumentException($"{name} takes printable ASCII characters only."));
        }
    }

    /// <returns>Null when another try would not help, or would have to wait for too long.</returns>
    private static TimeSpan? WaitAfter(HttpResponseMessage? response, int attempt, BillingOptions options)
    {
        if (response is not null && !IsForLater(response.StatusCode))
        {
            return null;
        }

        var wait = response?.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - options.Clock.GetUtcNow(),
            _ => options.BackoffAfter(attempt),
        };
        return wait > options.LongestWait ? null : wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    private static bool IsForLater(HttpStatusCode status) => status
        is HttpStatusCode.TooManyRequests
        or HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    private static async Task<(T? Value, Problem? Problem)> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T>? type, WatchedCall call, CancellationToken cancellation)
        where T : BillingResult
    {
        switch ((int)response.StatusCode)
        {
            case >= 200 and < 300:
                var value = type is null ? (T)(BillingResult)new Done() : await JsonOfAsync(response, type, cancellation).ConfigureAwait(false);
                Mark(value, response);
                call.Answered(value);
                return (value, null);
            case >= 400 and < 500:
                var problem = await JsonOfAsync(response, ClientJson.Default.Problem, cancellation).ConfigureAwait(false);
                Mark(problem, response);
                call.Refused(problem);
                return (null, problem);
            default:
                throw Unknown(response, $"The billing backend answered {(int)response.StatusCode}.");
        }
    }

    private static async Task<T> JsonOfAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : BillingResult
    {
        try
        {
            return await response.Content.ReadFromJsonAsync(type, cancellation).ConfigureAwait(false) ?? throw new JsonException("null");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a charset that there is not.
            throw Unknown(response, $"The billing backend answered {(int)response.StatusCode} with something that is not its JSON.", exception);
        }
    }

    private static void Mark(BillingResult result, HttpResponseMessage response) => (result.RequestId, result.Replayed) = (RequestIdOf(response), IsReplay(response));

    private static BillingException Unknown(HttpResponseMessage response, string message, Exception? inner = null) =>
        new(message, (int)response.StatusCode, inner) { RequestId = RequestIdOf(response), Replayed = IsReplay(response) };

    private static string? RequestIdOf(HttpResponseMessage response) => response.Headers.TryGetValues("X-Request-Id", out var values) ? values.FirstOrDefault() : null;

    private static bool IsReplay(HttpResponseMessage response) => response.Headers.TryGetValues("Idempotent-Replayed", out var values) && values.FirstOrDefault() == "true";
}
