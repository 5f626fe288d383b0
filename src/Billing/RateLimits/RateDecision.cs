namespace Billing.RateLimits;

/// <summary>What became of a hit.</summary>
/// <param name="Window">The state to keep. A refused hit is not counted: this is the window that was asked, the very same object.</param>
/// <param name="Accepted">Whether the hit (all of its count) was let in.</param>
/// <param name="Headers">What the caller is told, accepted or not.</param>
public sealed record RateDecision(RateWindow Window, bool Accepted, RateHeaders Headers)
{
    /// <summary>What a request is told that was not let in; one that asks for more than the whole limit never can be.</summary>
    public Refusal Refusal => Headers.RetryAt is null
        ? Billing.Refusal.Invalid("items", $"are more than the {Headers.Limit} that the rate limit admits in one window; send fewer, or in the mode best_effort")
        : TooMany with { RetryAt = Headers.RetryAt };

    /// <summary>The same for a request that no limit counts: it was let in whatever the window holds.</summary>
    public RateDecision Uncounted => this with { Accepted = true, Headers = Headers with { RetryAt = null } };

    /// <summary>The refusal of one item of several.</summary>
    public static readonly Refusal TooMany = new Refusal(RefusalCodes.TooManyRequests, "Rate limit exceeded");
}
