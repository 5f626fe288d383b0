namespace Billing.Webhooks;

/// <summary>What came of a request.</summary>
/// <param name="Status">HTTP status; null when none came.</param>
/// <param name="Text">The first kilobyte of the body.</param>
/// <param name="Duration">How long it took in real time.</param>
public sealed record WebhookAnswer(int? Status, string? Text, string? Error, TimeSpan Duration)
{
    /// <summary>How long the receiver asks to be left alone, up to <see cref="Webhooks.RetryAfter.Longest"/>; only with 429 and 503.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public bool Succeeded => Status is >= 200 and <= 299;

    public bool Gone => Status == 410;
}
