using System.Collections.Immutable;
using System.Globalization;

namespace Billing.Events;

/// <summary>Something that webhooks tell of, stored in the same transaction as what it tells. It never changes.</summary>
public sealed record BillingEvent : Record
{
    public const string Prefix = "evt:";

    /// <summary>Kept this long: a delivery that is replayed on its last day has its event for the whole schedule.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(35);

    /// <summary>1 for a workspace's first event, then without gaps.</summary>
    public required long Sequence { get; init; }

    /// <summary>One of <see cref="EventTypes"/>.</summary>
    public required string Type { get; init; }

    /// <summary>When it happened, UTC.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The body's <c>data</c>.</summary>
    public required ImmutableSortedDictionary<string, Scalar> Data { get; init; }

    /// <summary>What was charged, as the body's <c>data.total</c>; null where no money is in it.</summary>
    public Money? Total { get; init; }

    public required ImmutableArray<string> Targets { get; init; }

    /// <summary>In the seller's feed, the event that it repeats; null in a workspace of a customer's.</summary>
    public EventSource? Source { get; init; }

    /// <summary>When it was recorded, UTC: a late renewal happened before that.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    public override string RowKey => KeyOf(Sequence);

    /// <summary>Its id in whichever partition it stands: in the feed an event has the id that it has in its workspace.</summary>
    public string IdIn(string workspaceId) => Source is { } source ? Ids.Of("evt", source.WorkspaceId, source.Sequence) : Ids.Of("evt", workspaceId, Sequence);

    public static string KeyOf(long sequence) => Prefix + sequence.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>True when it need not be kept any more, unless its deliveries are still to be made.</summary>
    public bool IsOver(DateTimeOffset now) => CreatedAt + KeptFor <= now;
}

/// <summary>The event of a workspace that an event of the seller's feed repeats.</summary>
/// <param name="Sequence">Among the events of its workspace.</param>
/// <param name="ExternalId">The seller's own id of the account whose workspace it is; null without one.</param>
public sealed record EventSource(string WorkspaceId, long Sequence, string? ExternalId);
