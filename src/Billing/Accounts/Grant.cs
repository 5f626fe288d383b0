using System.Text.Json.Serialization;

namespace Billing.Accounts;

/// <summary>Where granted credits come from.</summary>
public enum GrantKind
{
    /// <summary>A plan's monthly allowance; ends with its billing period.</summary>
    Plan,

    /// <summary>Given by the seller: at sign-up, as goodwill, or in place of refunded credits whose grant has expired.</summary>
    Bonus,

    /// <summary>Bought; never expires.</summary>
    TopUp,
}

/// <summary>Credits that can be spent. What it is never changes; only what is left of it does.</summary>
/// <param name="Id">Sequence number of the ledger entry that granted it; a lower one is older.</param>
/// <param name="Kind">Where it comes from.</param>
/// <param name="Left">What is left, never negative.</param>
/// <param name="ExpiresAt">First instant at which it can no longer be spent; null for never.</param>
[JsonConverter(typeof(GrantText))]
public sealed record Grant(long Id, GrantKind Kind, Credits Left, DateTimeOffset? ExpiresAt);

/// <summary>Credits taken from one grant, remembered with the charge so that a refund can put them back where they came from.</summary>
/// <param name="GrantId">The grant.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="ExpiresAt">When it ends.</param>
/// <param name="Amount">How much was taken.</param>
public sealed record Draw(long GrantId, GrantKind Kind, DateTimeOffset? ExpiresAt, Credits Amount);
