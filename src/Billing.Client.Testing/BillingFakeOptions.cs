using System.Globalization;

namespace Billing.Client.Testing;

/// <summary>How a fake begins.</summary>
public sealed class BillingFakeOptions
{
    /// <summary>Where its clock stands.</summary>
    public DateTimeOffset Now { get; set; } = DateTimeOffset.Parse("2025-11-03T10:30:00Z", CultureInfo.InvariantCulture);

    /// <summary>The seller's own catalogs, as JSON by the name of their file; the shipped ones where there are none.</summary>
    public IDictionary<string, string> Catalogs { get; } = new Dictionary<string, string>();

    /// <summary>
    /// Whether what a request leaves to be done, such as a refund or a webhook, is done before it is answered. Where it is not, it waits for
    /// <see cref="BillingFake.RunDueAsync"/>, as it waits for a moment behind a real backend.
    /// </summary>
    public bool WorksAtOnce { get; set; } = true;

    /// <summary>Answers a delivery to a webhook, with a status; 200 unless it is said otherwise.</summary>
    public Func<SentWebhook, int> Receive { get; set; } = _ => 200;
}

/// <summary>A delivery to a webhook, which nobody but the test got.</summary>
/// <param name="Url">Where it would have gone.</param>
/// <param name="Headers">Its signature among them: <see cref="WebhookVerifier"/> takes it, with the fake's clock.</param>
/// <param name="Body">The exact bytes.</param>
public sealed record SentWebhook(Uri Url, IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body);
