using System.Collections.Immutable;

namespace Billing.Events;

/// <summary>What the account remembers of a webhook endpoint, to decide whether an event concerns it.</summary>
/// <param name="Id">The endpoint, <c>we_…</c>.</param>
/// <param name="LowThreshold">Its own threshold for <c>credits.low</c>; null for 20 % of the monthly allowance.</param>
/// <param name="LowArmed">True until <c>credits.low</c> was sent; true again when credits are added.</param>
/// <param name="ExhaustedArmed">The same for <c>credits.exhausted</c>.</param>
public sealed record Subscriber(
    string Id,
    ImmutableArray<string> Events,
    Credits? LowThreshold,
    bool LowArmed,
    bool ExhaustedArmed);
