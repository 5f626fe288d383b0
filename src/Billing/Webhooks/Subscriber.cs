using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Billing.Webhooks;

/// <summary>What the account remembers of a webhook endpoint, to decide whether an event concerns it.</summary>
/// <param name="Id">The endpoint, <c>we_…</c>.</param>
/// <param name="Events">Event types it wants.</param>
/// <param name="LowThreshold">Its own threshold for <c>credits.low</c>; null for 20 % of the monthly allowance.</param>
/// <param name="LowArmed">True until <c>credits.low</c> was sent; true again when credits are added.</param>
/// <param name="ExhaustedArmed">The same for <c>credits.exhausted</c>.</param>
/// <remarks>Names are short in the account row: it holds up to 20 of these and has to stay small.</remarks>
public sealed record Subscriber(
    string Id,
    [property: JsonConverter(typeof(EventMask))] ImmutableArray<string> Events,
    [property: JsonPropertyName("low")] Credits? LowThreshold,
    [property: JsonPropertyName("l")] bool LowArmed,
    [property: JsonPropertyName("x")] bool ExhaustedArmed);
