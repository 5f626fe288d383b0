using System.Net;
using Billing.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Billing.Client.Testing.InProcess;

/// <summary>Hands requests to the API and its answers back, without a socket.</summary>
/// <param name="api">The real one.</param>
/// <param name="services">What it was made of.</param>
/// <param name="after">What happens between the answer and its being told.</param>
internal sealed class InProcessHandler(BillingApi api, IServiceProvider services, Func<Task> after) : HttpMessageHandler
{
    private int _underWay;
    private int _heard;

    /// <summary>Requests that are not answered yet.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>Answers that their callers still hold, to read them; some never let go of one.</summary>
    public int Heard => Volatile.Read(ref _heard);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _underWay);
        try
        {
            using var answer = new MemoryStream();
            var http = await ContextOfAsync(request, answer, cancellationToken).ConfigureAwait(false);
            var result = await api.HandleAsync(http, InProcessRoutes.Find(http.Request)).ConfigureAwait(false);
            await result.ExecuteAsync(http).ConfigureAwait(false);
            await after().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            return ResponseOf(http.Response, answer.ToArray(), request);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    private async Task<HttpContext> ContextOfAsync(HttpRequestMessage message, Stream answer, CancellationToken cancellation)
    {
        var body = message.Content is { } content ? await content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false) : [];
        var http = new DefaultHttpContext { RequestServices = services, TraceIdentifier = Guid.NewGuid().ToString("N"), RequestAborted = cancellation };
        var (request, uri) = (http.Request, message.RequestUri!);
        (request.Method, request.Scheme, request.Host) = (message.Method.Method, uri.Scheme, HostString.FromUriComponent(uri));
        (request.Path, request.QueryString) = (PathString.FromUriComponent(uri), QueryString.FromUriComponent(uri));
        http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = uri.PathAndQuery;
        http.Connection.RemoteIpAddress = IPAddress.Loopback;
        foreach (var (name, values) in message.Headers.Concat(message.Content?.Headers.AsEnumerable() ?? []))
        {
            request.Headers[name] = values.ToArray();
        }

        (request.ContentLength, request.Body, http.Response.Body) = (body.Length, new MemoryStream(body), answer);
        return http;
    }

    private HttpResponseMessage ResponseOf(HttpResponse response, byte[] body, HttpRequestMessage request)
    {
        var message = new HttpResponseMessage((HttpStatusCode)response.StatusCode) { Content = new Answer(this, body), RequestMessage = request };
        foreach (var (name, values) in response.Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                message.Content.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        return message;
    }

    private sealed class Answer : ByteArrayContent
    {
        private InProcessHandler? _handler;

        public Answer(InProcessHandler handler, byte[] body)
            : base(body)
        {
            _handler = handler;
            Interlocked.Increment(ref handler._heard);
        }

        protected override void Dispose(bool disposing)
        {
            if (Interlocked.Exchange(ref _handler, null) is { } handler)
            {
                Interlocked.Decrement(ref handler._heard);
            }

            base.Dispose(disposing);
        }
    }
}
