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
         "test_mode": false, "entitlements": {"watermark": false}, "expires_at": "2025-11-03T11:30:00Z", "units": 3, "succeeded_units": null, "refunded": 0}
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

    public BillingClient Client(BillingClientOptions? options = null, TimeSpan? timeout = null)
    {
        if (timeout is { } limit)
        {
            _http.Timeout = limit;
        }

        return new BillingClient(_http, ServiceKey, (options ?? new BillingClientOptions()) with { Clock = Clock });
    }

    public static Func<CancellationToken, Task<HttpResponseMessage>> Says(int status, string body = "{}", RetryConditionHeaderValue? retryAfter = null) => _ =>
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        response.Headers.RetryAfter = retryAfter;
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
        var headers = request.Headers.ToDictionary(header => header.Key, header => string.Join(", ", header.Value));
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellation);
        Sent.Add(new Sent($"{request.Method} {request.RequestUri!.PathAndQuery}", headers, body));
        return _answers.TryDequeue(out var answer) ? await answer(cancellation) : throw new InvalidOperationException("Nothing more was expected.");
    }
}
