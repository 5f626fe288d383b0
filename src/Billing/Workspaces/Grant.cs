namespace Billing.Workspaces;

/// <summary>Where granted credits come from. The numbers are part of the hash chain and order the burn-down: append only.</summary>
public enum GrantKind
{
    Plan,

    /// <summary>Given by the seller: at sign-up, as goodwill, or in place of refunded credits whose grant has expired.</summary>
    Bonus,

    /// <summary>Bought; never expires.</summary>
    TopUp,
}

/// <summary>Credits that can be spent. What it is never changes; only what is left of it does.</summary>
/// <param name="Id">Sequence number of the ledger entry that granted it; a lower one is older.</param>
/// <param name="Left">What is left, never negative.</param>
/// <param name="ExpiresAt">First instant at which it can no longer be spent; null for never.</param>
/// <param name="Basis">What its credits cost; null where nothing was paid for them, or nobody knows what.</param>
public sealed record Grant(long Id, GrantKind Kind, Credits Left, DateTimeOffset? ExpiresAt, Basis? Basis = null)
{
    /// <summary>So much of it.</summary>
    public Draw Draw(Credits amount) => new(Id, Kind, ExpiresAt, amount, Basis);
}

/// <summary>
/// What one entry took from a grant or, where the entry adds credits, gave to it: so a refund can put them back where they came from, and the ledger alone
/// tells what every grant is and what of it was used at what cost.
/// </summary>
public sealed record Draw(long GrantId, GrantKind Kind, DateTimeOffset? ExpiresAt, Credits Amount, Basis? Basis = null)
{
    /// <summary>The grant, with just that in it.</summary>
    public Grant Grant => new(GrantId, Kind, Amount, ExpiresAt, Basis);
}
