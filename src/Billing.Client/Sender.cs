using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Billing.Client;

/// <summary>A request, as it is sent as often as it takes.</summary>
internal sealed record Outgoing(HttpMethod Method, string Path, Customer? Customer = null, JsonObject? Body = null, string? IdempotencyKey = null);

/// <summary>Sends a request until it is answered for good: what is lost, or answered with "later", is sent again, a bounded number of times.</summary>
internal sealed class Sender(HttpClient http, string serviceKey, BillingClientOptions options)
{
    /// <returns>What was asked for, or why it is refused.</returns>
    public async Task<(T? Value, Problem? Problem)> SendAsync<T>(Outgoing outgoing, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : class
    {
        if (outgoing.Customer is { Key: { } key } && !CanBeHeader(key))
        {
            // The customer's mistake, not the caller's; the backend would say the same if it could be sent.
            return (null, new Problem((int)HttpStatusCode.Unauthorized, ProblemCodes.Unauthorized, "The API key has characters that no key has."));
        }

        using var response = await AnswerAsync(outgoing, cancellation).ConfigureAwait(false);
        return (int)response.StatusCode switch
        {
            >= 200 and < 300 => (await ReadAsync(response, type, cancellation).ConfigureAwait(false), null),
            >= 400 and < 500 => (null, await ReadAsync(response, ClientJson.Default.Problem, cancellation).ConfigureAwait(false)),
            var status => throw new BillingException($"The billing backend answered {status}.", status),
        };
    }

    private static bool CanBeHeader(string text) => text.All(character => character is >= ' ' and <= '~');

    private async Task<HttpResponseMessage> AnswerAsync(Outgoing outgoing, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (response, failure) = await TryAsync(outgoing, cancellation).ConfigureAwait(false);
            if (attempt >= options.MaxAttempts || WaitAfter(response, attempt) is not { } wait)
            {
                return response ?? throw new BillingException("The billing backend did not answer.", inner: failure);
            }

            response?.Dispose();
            await Task.Delay(wait, options.Clock, cancellation).ConfigureAwait(false);
            // The wait may have been over in the moment in which the caller gave up.
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private async Task<(HttpResponseMessage? Response, Exception? Failure)> TryAsync(Outgoing outgoing, CancellationToken cancellation)
    {
        using var request = RequestOf(outgoing);
        try
        {
            return (await http.SendAsync(request, cancellation).ConfigureAwait(false), null);
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return (null, failure); // a connection that broke, or HttpClient's own time-out
        }
    }

    private HttpRequestMessage RequestOf(Outgoing outgoing)
    {
        var request = new HttpRequestMessage(outgoing.Method, new Uri($"api/v1/{outgoing.Path}", UriKind.Relative))
        {
            Content = outgoing.Body is { } body ? JsonContent.Create(body, ClientJson.Default.JsonObject) : null,
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", serviceKey);
        AddHeader(request, "X-Api-Key", outgoing.Customer?.Key);
        AddHeader(request, "X-Workspace-Id", outgoing.Customer?.WorkspaceId);
        AddHeader(request, "X-Test-Mode", outgoing.Customer is { TestMode: true } ? "true" : null);
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
    private TimeSpan? WaitAfter(HttpResponseMessage? response, int attempt)
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

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : class
    {
        var status = (int)response.StatusCode;
        try
        {
            return await response.Content.ReadFromJsonAsync(type, cancellation).ConfigureAwait(false) ?? throw new JsonException("null");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a charset that there is not.
            throw new BillingException($"The billing backend answered {status} with something that is not its JSON.", status, exception);
        }
    }
}
