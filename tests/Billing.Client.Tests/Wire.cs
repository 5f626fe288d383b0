using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Moq;
using Moq.Protected;

namespace Billing.Client.Tests;

/// <summary>What is sent, as it goes over the wire.</summary>
internal sealed record Sent(string Request, IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>Stands in for the network: gives its answers in turn and keeps what was sent. A request too many fails.</summary>
internal sealed class Wire
{
    public const string ServiceKey = "service-key";
    public const string Running = """
        {"id": "gen_1", "status": "running", "cost": 6, "charged": {"credits": 6, "overage_units": 0, "overage": null}, "credits": 44, "workspace_id": "ws_1",
         "test_mode": false, "entitlements": {"watermark": false}, "expires_at": "2025-11-03T11:30:00Z", "units": 3, "succeeded_units": null, "refunded": 0,
         "created_at": "2025-11-03T10:30:00Z"}
        """;

    private readonly Queue<Func<CancellationToken, Task<HttpResponseMessage>>> _answers;
    private readonly HttpClient _http;

    public Wire(params IEnumerable<Func<CancellationToken, Task<HttpResponseMessage>>> answers)
    {
        _answers = new(answers);
        var handler = new Mock<HttpMessageHandler>();
        handler.Protected()
            .Setup<Task<HttpResponseMessage>>("SendAsync", ItExpr.IsAny<HttpRequestMessage>(), ItExpr.IsAny<CancellationToken>())
            .Returns<HttpRequestMessage, CancellationToken>(TakeAsync);
        _http = new HttpClient(handler.Object) { BaseAddress = new Uri("http://billing.example") };
    }

    public List<Sent> Sent { get; } = [];

    public HastyClock Clock { get; } = new();

    /// <summary>Called when something is sent.</summary>
    public Action Sending { get; set; } = () => { };

    public BillingClient Client(BillingClientOptions? options = null, TimeSpan? timeout = null)
    {
        if (timeout is { } limit)
        {
            _http.Timeout = limit;
        }

        options ??= new BillingClientOptions();
        options.Clock = Clock;
        return new BillingClient(_http, ServiceKey, options);
    }

    public static Func<CancellationToken, Task<HttpResponseMessage>> Says(int status, string body = "{}", RetryConditionHeaderValue? retryAfter = null, bool replayed = false) => _ =>
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        response.Headers.RetryAfter = retryAfter;
        response.Headers.Add("X-Request-Id", "request-1");
        if (replayed)
        {
            response.Headers.Add("Idempotent-Replayed", "true");
        }

        return Task.FromResult(response);
    };

    public static Func<CancellationToken, Task<HttpResponseMessage>> Refuses(int status, string code, RetryConditionHeaderValue? retryAfter = null) =>
        Says(status, $$"""{"type": "about:blank", "title": "No", "status": {{status}}, "detail": "It is refused.", "code": "{{code}}", "success": false}""", retryAfter);

    public static Func<CancellationToken, Task<HttpResponseMessage>> Breaks() => _ => throw new HttpRequestException("The connection broke.");

    public static Func<CancellationToken, Task<HttpResponseMessage>> Hangs(Action? begun = null) => async cancellation =>
    {
        begun?.Invoke();
        await Task.Delay(Timeout.Infinite, cancellation);
        throw new InvalidOperationException("It never answers.");
    };

    private async Task<HttpResponseMessage> TakeAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        Sending();
        var headers = request.Headers.ToDictionary(header => header.Key, header => string.Join(", ", header.Value));
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellation);
        Sent.Add(new Sent($"{request.Method} {request.RequestUri!.PathAndQuery}", headers, body));
        return _answers.TryDequeue(out var answer) ? await answer(cancellation) : throw new InvalidOperationException("Nothing more was expected.");
    }
}
