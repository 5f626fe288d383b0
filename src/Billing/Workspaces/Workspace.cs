using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Billing.Events;

namespace Billing.Workspaces;

public enum WorkspaceType
{
    Personal,

    Team,

    /// <summary>A lane of the seller's feed, which belongs to no customer.</summary>
    Feed,
}

/// <summary>A workspace's billing state: the fold of its ledger and what is needed to decide the next request from one row.</summary>
public sealed record Workspace
{
    public const string RowKey = "account";

    /// <summary><c>ws_…</c></summary>
    public required string WorkspaceId { get; init; }

    public required string Product { get; init; }

    public required string Name { get; init; }

    public required WorkspaceType Type { get; init; }

    /// <summary>The account whose it is, <c>acct_…</c>; null where it was opened for none.</summary>
    public string? Owner { get; init; }

    /// <summary>When it was created, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    public long Version { get; init; }

    /// <summary>Sequence number of the newest ledger entry; also how many there are.</summary>
    public long Entries { get; init; }

    public ImmutableSortedDictionary<EntryType, long> EntriesByType { get; init; } = ImmutableSortedDictionary<EntryType, long>.Empty;

    /// <summary>Hash of the newest ledger entry.</summary>
    public string Head { get; init; } = "";

    [JsonIgnore]
    public BurnDown Grants { get; init; } = BurnDown.Empty;

    /// <summary>Reversed credits that were spent already. Whatever is free repays it at once, so while there is any, nothing is left.</summary>
    public Credits Debt { get; init; }

    /// <summary>The subscription; null when there never was one.</summary>
    public Subscription? Subscription { get; init; }

    public OverageTab Overage { get; init; } = OverageTab.Empty;

    /// <summary>Where the generations stand that run; those of test keys are not among them.</summary>
    public RunningSpans RunningSpans { get; init; } = RunningSpans.None;

    /// <summary>Templates of its own, as far as they were counted; null for none.</summary>
    public int? OwnTemplates { get; init; }

    public PeriodUsage Usage { get; init; } = new(DateTimeOffset.MinValue, Credits.Zero, 0);

    public int PendingRefunds { get; init; }

    public ImmutableArray<Subscriber> Subscribers { get; init; } = [];

    public long Events { get; init; }

    /// <summary>When its account was closed, UTC: nothing is admitted any more. Null while it is open.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>True once the seller was told that credits are low; false again when credits are added.</summary>
    public bool SellerHeardLow { get; init; }

    /// <summary>The same for credits that are used up.</summary>
    public bool SellerHeardExhausted { get; init; }

    /// <summary>The plan; null without one.</summary>
    public string? Plan => Subscription is { Ended: false } running ? running.Current.Plan : null;

    /// <summary><c>none | active | paused | canceled</c>; canceled from the cancellation on, while the last period still runs.</summary>
    public string PlanStatus => Subscription?.Status ?? "none";

    public Credits Balance => Grants.Total;

    /// <summary>Concurrency slots that are taken.</summary>
    public int Running => RunningSpans.Running;

    /// <summary>Credits a month; 0 without a plan.</summary>
    public Credits MonthlyAllowance => Subscription is { Ended: false } running ? running.Allowance : Credits.Zero;

    /// <summary>The period that usage is counted in: the subscription's, or months since creation without one.</summary>
    public BillingPeriod PeriodAt(DateTimeOffset now) =>
        BillingPeriod.Containing(Subscription is { Ended: false } running ? running.AnchorAt : CreatedAt, now);

    public PeriodUsage UsageAt(DateTimeOffset now)
    {
        var startsAt = PeriodAt(now).StartsAt;
        return Usage.PeriodStartsAt == startsAt ? Usage : new PeriodUsage(startsAt, Credits.Zero, 0);
    }
}

/// <summary>Spending within one billing period.</summary>
/// <param name="Generations">Generations that were charged credits, fully refunded ones taken off.</param>
public sealed record PeriodUsage(DateTimeOffset PeriodStartsAt, Credits Spent, long Generations);
