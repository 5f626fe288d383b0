namespace Billing.RateLimits;

/// <summary>What became of a hit.</summary>
/// <param name="Window">The state to keep. A refused hit is not counted: this is the window that was asked, the very same object.</param>
/// <param name="Accepted">Whether the hit (all of its count) was let in.</param>
/// <param name="Headers">What the caller is told, accepted or not.</param>
public sealed record RateDecision(RateWindow Window, bool Accepted, RateHeaders Headers);
