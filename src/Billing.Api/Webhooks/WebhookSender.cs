using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Billing.Engine.Webhooks;
using Billing.Webhooks;

namespace Billing.Api.Webhooks;

/// <summary>Sends deliveries to customers' endpoints, which are nobody's friends: they hang, redirect inward, answer without end.</summary>
public sealed class WebhookSender : IDisposable
{
    private const int MostRead = 64 * 1024;
    private static readonly TimeSpan BodyTimeLimit = TimeSpan.FromSeconds(2);
    private readonly HttpMessageInvoker _http;

    /// <summary>One for a process.</summary>
    public WebhookSender(GuardedConnections connections) => _http = new HttpMessageInvoker(new SocketsHttpHandler
    {
        ConnectCallback = (context, cancellation) => connections.ConnectAsync(context.DnsEndPoint, cancellation),
        PlaintextStreamFilter = (context, _) => ValueTask.FromResult<Stream>(new StatusLineStream(context.PlaintextStream)),
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(15),
        ConnectTimeout = WebhookRequest.TimeLimit,

        // Customers may share a server: what hangs there is bounded for each of them, not here.
        MaxConnectionsPerServer = 512,
        MaxResponseHeadersLength = 16,

        // What is left of a long answer is not read to save its connection.
        MaxResponseDrainSize = 0,
    });

    /// <inheritdoc cref="WebhookSend"/>
    public async Task<WebhookAnswer> SendAsync(WebhookRequest request)
    {
        var started = Stopwatch.GetTimestamp();
        var line = StatusLine.Begin();
        using var limit = new CancellationTokenSource(WebhookRequest.TimeLimit);
        try
        {
            using var message = MessageOf(request);
            using var response = await _http.SendAsync(message, limit.Token).ConfigureAwait(false);
            var text = await TextOfAsync(response, limit.Token).ConfigureAwait(false);
            return new WebhookAnswer((int)response.StatusCode, text, Error: null, Stopwatch.GetElapsedTime(started)) { RetryAfter = RetryAfterOf(response) };
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException or OperationCanceledException)
        {
            // The status line decides: whoever said it has the delivery, whatever is wrong with what came after it.
            return line.Status is { } status
                ? new WebhookAnswer(status, Text: "", Error: null, Stopwatch.GetElapsedTime(started))
                : new WebhookAnswer(Status: null, Text: null, ErrorOf(exception), Stopwatch.GetElapsedTime(started));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage MessageOf(WebhookRequest request)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, request.Url)
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ReadOnlyMemoryContent(request.Body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        message.Headers.UserAgent.ParseAdd("Billing-Webhooks/1.0");
        foreach (var (name, value) in request.Headers)
        {
            message.Headers.Add(name, value);
        }

        return message;
    }

    /// <remarks>A date is told by the receiver's own clock where it says what that shows.</remarks>
    private static TimeSpan? RetryAfterOf(HttpResponseMessage response) =>
        response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable && response.Headers.NonValidated.TryGetValues("Retry-After", out var values)
            ? RetryAfter.Read(values.ToString(), response.Headers.Date ?? DateTimeOffset.UtcNow)
            : null;

    /// <summary>The beginning of the body. The status has come already, so a body that breaks off or never ends changes nothing.</summary>
    private static async Task<string> TextOfAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var buffer = new byte[MostRead];
        var length = 0;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(BodyTimeLimit);
        try
        {
            var body = await response.Content.ReadAsStreamAsync(limit.Token).ConfigureAwait(false);
            int read;
            while (length < MostRead && (read = await body.ReadAsync(buffer.AsMemory(length), limit.Token).ConfigureAwait(false)) > 0)
            {
                length += read;
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            // What has come by then is kept.
        }

        return Encoding.UTF8.GetString(buffer, 0, Math.Min(length, WebhookRequest.AnswerKept));
    }

    /// <summary>What a customer is told. It says nothing about our side of the network.</summary>
    private static string ErrorOf(Exception exception) => exception switch
    {
        OperationCanceledException => $"No answer within {WebhookRequest.TimeLimit.TotalSeconds:0} seconds.",
        HttpRequestException { InnerException: BlockedAddressException } or BlockedAddressException => "The host has no public address.",
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } or HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } } => "The host's name could not be resolved.",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "No secure connection could be made.",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => "No connection could be made.",
        _ => "The connection broke off, or what came was not HTTP.",
    };
}
