using System.Text.Json;
using Billing.Engine.Webhooks;
using Billing.Webhooks;

namespace Billing.Tests.Webhooks.Deliveries;

/// <summary>What arrived at an endpoint.</summary>
/// <param name="Url">Where.</param>
/// <param name="EventId">Its <c>webhook-id</c>.</param>
/// <param name="SentAt">Its <c>webhook-timestamp</c>.</param>
/// <param name="Signatures">Its <c>webhook-signature</c>.</param>
/// <param name="Body">Its body.</param>
internal sealed record Received(string Url, string EventId, DateTimeOffset SentAt, string Signatures, byte[] Body)
{
    public string Type => JsonDocument.Parse(Body).RootElement.GetProperty("type").GetString()!;

    public long Number => Ids.NumberOf(EventId[^9..])!.Value;
}

/// <summary>Customers' endpoints: what they got, in order, and how they answer.</summary>
internal sealed class Receivers
{
    private readonly List<Received> _received = [];

    /// <summary>How an endpoint answers; 200 at once unless told otherwise.</summary>
    public Func<Received, Task<WebhookAnswer>> Answer { get; set; } = _ => Task.FromResult(Says(200));

    public IReadOnlyList<Received> All
    {
        get
        {
            lock (_received)
            {
                return [.. _received];
            }
        }
    }

    public static WebhookAnswer Says(int? status, double seconds = 0.1, string text = "", TimeSpan? retryAfter = null) =>
        new(status, status is null ? null : text, status is null ? "No connection could be made." : null, TimeSpan.FromSeconds(seconds)) { RetryAfter = retryAfter };

    public IReadOnlyList<Received> At(string url) => [.. All.Where(one => one.Url == url)];

    /// <summary>Always the same answer.</summary>
    public void AlwaysSay(int? status, double seconds = 0.1) => Answer = _ => Task.FromResult(Says(status, seconds));

    public Task<WebhookAnswer> SendAsync(WebhookRequest request)
    {
        string Header(string name) => request.Headers.Single(header => header.Name == name).Value;
        var received = new Received(
            request.Url,
            Header(WebhookSignature.IdHeader),
            DateTimeOffset.FromUnixTimeSeconds(long.Parse(Header(WebhookSignature.TimestampHeader), System.Globalization.CultureInfo.InvariantCulture)),
            Header(WebhookSignature.SignatureHeader),
            request.Body.ToArray());
        lock (_received)
        {
            _received.Add(received);
        }

        return Answer(received);
    }
}
