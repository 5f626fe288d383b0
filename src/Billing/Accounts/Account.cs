using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Billing.Overage;
using Billing.Webhooks;

namespace Billing.Accounts;

/// <summary>Whose workspace it is.</summary>
public enum WorkspaceType
{
    /// <summary>One account's own.</summary>
    Personal,

    /// <summary>Shared by its members.</summary>
    Team,
}

/// <summary>A workspace's billing state: the fold of its ledger and what is needed to decide the next request from one row.</summary>
public sealed record Account
{
    /// <summary>Row key of the account row.</summary>
    public const string RowKey = "account";

    /// <summary><c>ws_…</c></summary>
    public required string WorkspaceId { get; init; }

    /// <summary>The product whose catalog applies.</summary>
    public required string Product { get; init; }

    /// <summary>For people.</summary>
    public required string Name { get; init; }

    /// <summary>Personal or team.</summary>
    public required WorkspaceType Type { get; init; }

    /// <summary>When it was created, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Grows by one with every commit.</summary>
    public long Version { get; init; }

    /// <summary>Sequence number of the newest ledger entry; also how many there are.</summary>
    public long Entries { get; init; }

    /// <summary>How many entries of each type there are.</summary>
    public ImmutableSortedDictionary<EntryType, long> EntriesByType { get; init; } = ImmutableSortedDictionary<EntryType, long>.Empty;

    /// <summary>Hash of the newest ledger entry.</summary>
    public string Head { get; init; } = "";

    /// <summary>What can be spent. Stored beside the rest: see <see cref="AccountRows"/>.</summary>
    [JsonIgnore]
    public BurnDown Grants { get; init; } = BurnDown.Empty;

    /// <summary>Reversed credits that were spent already; what is granted next repays it first.</summary>
    public Credits Debt { get; init; }

    /// <summary>The subscription; null when there never was one.</summary>
    public Subscription? Subscription { get; init; }

    /// <summary>Overage that is not invoiced yet.</summary>
    public OverageTab Overage { get; init; } = OverageTab.Empty;

    /// <summary>Generations that hold a concurrency slot.</summary>
    public int Running { get; init; }

    /// <summary>No running generation expires before this; null when nothing runs.</summary>
    public DateTimeOffset? NextExpiryAt { get; init; }

    /// <summary>How far the search for expired generations has come; null when none is under way.</summary>
    public ExpirySweep? ExpirySweep { get; init; }

    /// <summary>What was spent in the current period.</summary>
    public PeriodUsage Usage { get; init; } = new(DateTimeOffset.MinValue, Credits.Zero, 0);

    /// <summary>Refunds that are decided but not carried out yet.</summary>
    public int PendingRefunds { get; init; }

    /// <summary>Who wants to hear of what.</summary>
    public ImmutableArray<Subscriber> Subscribers { get; init; } = [];

    /// <summary>How many events there were.</summary>
    public long Events { get; init; }

    /// <summary>All events up to this one are handed over to the endpoints that want them.</summary>
    public long EventsHandedOver { get; init; }

    /// <summary>Events that are not handed over yet.</summary>
    [JsonIgnore]
    public long PendingEvents => Events - EventsHandedOver;

    /// <summary>Credits left.</summary>
    [JsonIgnore]
    public Credits Balance => Grants.Total;

    /// <summary>The period that usage is counted in: the subscription's, or months since creation without one.</summary>
    public BillingPeriod PeriodAt(DateTimeOffset now) =>
        BillingPeriod.Containing(Subscription is { Ended: false } running ? running.AnchorAt : CreatedAt, now);

    /// <summary>What was spent in the period that contains <paramref name="now"/>.</summary>
    public PeriodUsage UsageAt(DateTimeOffset now)
    {
        var startsAt = PeriodAt(now).StartsAt;
        return Usage.PeriodStartsAt == startsAt ? Usage : new PeriodUsage(startsAt, Credits.Zero, 0);
    }
}

/// <summary>Spending within one billing period.</summary>
/// <param name="PeriodStartsAt">Which period.</param>
/// <param name="Spent">Credits, refunds taken off.</param>
/// <param name="Generations">Generations that were charged credits, fully refunded ones taken off.</param>
public sealed record PeriodUsage(DateTimeOffset PeriodStartsAt, Credits Spent, long Generations);

/// <summary>A search for expired generations that did not end within one commit.</summary>
/// <param name="From">Row key at which it goes on.</param>
/// <param name="EarliestAt">No running generation before that key expires before this; null when none runs there.</param>
public sealed record ExpirySweep(string From, DateTimeOffset? EarliestAt);
