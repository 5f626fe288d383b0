using System.Collections.Immutable;
using Billing.Catalogs;
using Billing.Generations;
using Billing.RateLimits;
using Billing.Workspaces;

namespace Billing.Engine.Committing;

/// <summary>One thing to decide on a workspace, whatever comes of it.</summary>
public abstract record Work
{
    public ImmutableArray<string> Reads { get; init; } = [];

    /// <summary>Set when a repeat must give the same answer.</summary>
    public OperationKey? Operation { get; init; }

    /// <summary>Makes the answer of an admission from its row; null where the answer has a row of its own.</summary>
    public Func<Admission, Reply>? Replay { get; init; }

    /// <summary>The request's hit on a rate limit whose window is in this workspace.</summary>
    public RateHit? Rate { get; init; }

    /// <summary>Rows that the decision and its answer write, at most: of most of them two events with their notes are among these.</summary>
    public int MostRows { get; init; } = FewRows;

    /// <summary>What that is for work that writes no rows by the dozen.</summary>
    public const int FewRows = 11;

    /// <summary>True when what it accepts may say of parts that they are refused: it is confirmed as a refusal is.</summary>
    public bool DeclinesInPart { get; init; }

    /// <summary>False when the decision does not depend on the account row, so that it need not be confirmed on fresh state.</summary>
    public bool ReadsAccount { get; init; } = true;
}

/// <param name="Decide">The decision. It may be taken several times, each time on a fresh unit of work, until one of them is committed.</param>
public sealed record Work<T>(Func<UnitOfWork, Catalog, Outcome<T>> Decide) : Work
{
    public Func<T, Reply>? Answer { get; init; }
}

/// <summary>One request of a key, or for a workspace that the service names.</summary>
/// <param name="Window">Whose window it stands in: the key's id, or the workspace's environment.</param>
/// <param name="Override">The limit an operator gave the key in place of the plan's.</param>
public sealed record RateHit(string Window, RateLimit? Override)
{
    /// <summary>A hit of the workspace itself, without a key. Its window stands in its own partition; live and test are as apart as their keys would be.</summary>
    public static RateHit OfWorkspace(bool testMode) => new(testMode ? "test" : "live", null) { TestMode = testMode };

    /// <summary>False for a request that a limit on requests does not count.</summary>
    public bool Counts { get; init; } = true;

    /// <summary>How many generations it asks for: what a limit on generations counts, as far as they are admitted.</summary>
    public int Generations { get; init; }

    /// <summary>True when some of the generations may be admitted without the others.</summary>
    public bool EachAlone { get; init; }

    /// <summary>Hits of an earlier request that came to nothing.</summary>
    public int GivesBack { get; init; }

    public bool TestMode { get; init; }

    /// <summary>True when <see cref="Override"/> was a raise, which no larger plan is held back by.</summary>
    public bool Raised { get; init; }

    public string RowKey => "rate:" + Window;

    public RateLimit LimitFor(Workspace workspace, Catalog catalog)
    {
        var planned = PlannedFor(workspace, catalog, TestMode);
        return Override is null || (Raised && planned.Limit > Override.Limit) ? planned : Override;
    }

    /// <summary>The limit of a workspace's keys where no operator gave them another.</summary>
    public static RateLimit PlannedFor(Workspace workspace, Catalog catalog, bool testMode) =>
        (testMode ? catalog.TestRateLimit : null) ?? catalog.LimitsOf(Billing.Generations.AdmitDecision.PlanOf(workspace, catalog)).Rate;

    /// <summary>The hits that must fit for the request to be decided at all.</summary>
    public int NeededUnder(RateLimit limit) => GivesBack > 0 ? 0
        : limit.Counts == RateUnit.Requests ? (Counts ? 1 : 0)
        : EachAlone ? 0 : Generations;
}

/// <summary>What became of a <see cref="Work{T}"/>.</summary>
/// <param name="Outcome">The decision; what it accepted is stored.</param>
/// <param name="Answer">The answer of the operation, this time's or the stored one's; null without an operation or when declined.</param>
/// <param name="Replayed">True when the operation was carried out before and nothing was decided now.</param>
/// <param name="Rate">How the rate limit stands; null without a hit.</param>
/// <param name="Workspace">The account after it.</param>
public sealed record WorkResult<T>(Outcome<T>? Outcome, Reply? Answer, bool Replayed, RateDecision? Rate, Workspace Workspace);
