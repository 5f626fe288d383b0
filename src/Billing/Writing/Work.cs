using System.Collections.Immutable;
using Billing.Accounts;
using Billing.Catalogs;
using Billing.RateLimits;

namespace Billing.Writing;

/// <summary>One thing to decide on a workspace's account.</summary>
/// <param name="Decide">The decision. It may be taken several times, each time on a fresh draft, until one of them is committed.</param>
public sealed record Work<T>(Func<Draft, Catalog, Outcome<T>> Decide)
{
    /// <summary>Keys of the rows it reads besides the account.</summary>
    public ImmutableArray<string> Reads { get; init; } = [];

    /// <summary>Set when a repeat must give the same answer.</summary>
    public OperationKey? Operation { get; init; }

    /// <summary>The answer to store with the operation.</summary>
    public Func<T, Reply>? Answer { get; init; }

    /// <summary>The request's hit on its key's rate limit, when the key's home is this workspace.</summary>
    public RateHit? Rate { get; init; }

    /// <summary>False when the decision does not depend on the account, so that it need not be confirmed on fresh state.</summary>
    public bool ReadsAccount { get; init; } = true;
}

/// <summary>One request of a key.</summary>
/// <param name="KeyId">The key.</param>
/// <param name="Override">The limit an operator gave it in place of the plan's.</param>
public sealed record RateHit(string KeyId, RateLimit? Override)
{
    /// <summary>False to be told how the limit stands without being counted.</summary>
    public bool Counts { get; init; } = true;

    /// <summary>Row key of the key's rate window.</summary>
    public string RowKey => "rate:" + KeyId;

    /// <summary>The limit in force.</summary>
    public RateLimit LimitFor(Account account, Catalog catalog) =>
        Override ?? catalog.LimitsOf(Generations.AdmitDecision.PlanOf(account, catalog)).Rate;
}

/// <summary>What became of a <see cref="Work{T}"/>.</summary>
/// <param name="Outcome">The decision; what it accepted is stored.</param>
/// <param name="Answer">The answer of the operation, this time's or the stored one's; null without an operation or when declined.</param>
/// <param name="Replayed">True when the operation was carried out before and nothing was decided now.</param>
/// <param name="Rate">How the key's rate limit stands; null without a hit.</param>
/// <param name="Account">The account after it.</param>
public sealed record Done<T>(Outcome<T>? Outcome, Reply? Answer, bool Replayed, RateDecision? Rate, Account Account);
