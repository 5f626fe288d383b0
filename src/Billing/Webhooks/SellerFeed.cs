using System.Collections.Immutable;
using Billing.Events;
using Billing.Workspaces;

namespace Billing.Webhooks;

/// <summary>
/// The seller's feed: the events of all workspaces of a shard, once each. It lies in lanes, workspaces of their own that belong to no customer: so appending to
/// one is a decision as any other, and its events are kept, fanned out and delivered as any workspace's.
/// </summary>
public static class SellerFeed
{
    /// <summary>Lanes of a shard. A workspace's events are all in one, in their order.</summary>
    public const int Lanes = 8;

    /// <summary>Events in one decision, at most: each may be two rows.</summary>
    public const int MostAtOnce = 40;

    // No other id has a '-': nobody meets a lane by chance, and no request can name one.
    private const string LaneMark = "feed----------";

    /// <summary>The lane that a workspace's events are appended to, in its own shard.</summary>
    public static string LaneOf(string workspaceId) => LaneAt(ShardMap.ShardOf(workspaceId), Ids.DigitAt(workspaceId, workspaceId.Length - 1) % Lanes);

    /// <summary>Every lane of all shards, in an order that more shards only add to.</summary>
    public static IEnumerable<string> LanesOf(ShardMap shards) => shards.All.SelectMany(shard => Enumerable.Range(0, Lanes).Select(lane => LaneAt(shard, lane)));

    /// <summary>True of the id of a lane.</summary>
    public static bool IsLane(string id) => id.Length == Ids.WorkspacePrefixLength + Ids.WorkspaceKeyLength && id.AsSpan(Ids.WorkspacePrefixLength + 1).StartsWith(LaneMark);

    /// <summary>A lane before anything was appended to it.</summary>
    public static Workspace NewLane(string id, DateTimeOffset now) =>
        new() { WorkspaceId = id, Product = "", Name = "Seller's events", Type = WorkspaceType.Feed, CreatedAt = now };

    /// <summary>Appends those events of a workspace that the lane does not have yet.</summary>
    /// <param name="lane">With the workspace's <see cref="FeedPosition"/>.</param>
    /// <param name="owner">Whose the workspace is; null where that was not looked up.</param>
    /// <param name="after">The workspace's events follow this one, of those that are still kept.</param>
    /// <param name="told">In their order, at most <see cref="MostAtOnce"/>.</param>
    public static Outcome<FeedAppend> Append(UnitOfWork lane, string workspaceId, EventOwner? owner, long after, ImmutableArray<BillingEvent> told)
    {
        var known = lane.TryFind<FeedPosition>(FeedPosition.KeyOf(workspaceId), out var found) ? found : null;
        owner = known?.Owner ?? owner;
        var position = known?.Sequence ?? 0;
        if (position < after || told[^1].Sequence <= position || owner is null)
        {
            return new Outcome<FeedAppend>.AlreadyApplied(new FeedAppend(position, owner));
        }

        foreach (var one in told.Where(one => one.Sequence > position && one.Type != EventTypes.Ping))
        {
            Append(lane, one, new EventSource(workspaceId, one.Sequence, owner.ExternalId));
        }

        lane.Put(new FeedPosition { WorkspaceId = workspaceId, Sequence = told[^1].Sequence, Owner = owner });
        return new FeedAppend(told[^1].Sequence, owner);
    }

    /// <summary>Has the workspace's events name another owner from now on. Before its first event there is nothing to change.</summary>
    public static Outcome<bool> Rename(UnitOfWork lane, string workspaceId, EventOwner owner)
    {
        if (lane.TryFind<FeedPosition>(FeedPosition.KeyOf(workspaceId), out var position) && position.Owner != owner)
        {
            lane.Put(position with { Owner = owner });
        }

        return true;
    }

    private static void Append(UnitOfWork lane, BillingEvent told, EventSource source)
    {
        var sequence = lane.Workspace.Events + 1;
        var targets = lane.Workspace.Subscribers.Where(one => one.Events.Contains(told.Type)).Select(one => one.Id).ToImmutableArray();
        lane.Put(told with { Sequence = sequence, Source = source, Targets = targets, CreatedAt = lane.Now });
        if (!targets.IsEmpty)
        {
            lane.Put(ScheduledAttempt.OfEvent(sequence));
        }

        lane.Workspace = lane.Workspace with { Events = sequence };
    }

    private static string LaneAt(int shard, int lane) => Ids.OfLane(shard, LaneMark, lane);
}

/// <summary>How far a lane of the seller's feed has the events of a workspace.</summary>
public sealed record FeedPosition : Record
{
    public const string Prefix = "fed:";

    public required string WorkspaceId { get; init; }

    /// <summary>Number of the last event that it has, or has passed over.</summary>
    public required long Sequence { get; init; }

    /// <summary>Kept here so that it need not be looked up for each event.</summary>
    public required EventOwner Owner { get; init; }

    public override string RowKey => KeyOf(WorkspaceId);

    public static string KeyOf(string workspaceId) => Prefix + workspaceId[Ids.WorkspacePrefixLength..];
}

/// <summary>Whose a workspace is, as the seller's events tell it.</summary>
/// <param name="AccountId">Null where it was opened for nobody.</param>
/// <param name="ExternalId">The seller's own id of the account.</param>
public sealed record EventOwner(string? AccountId, string? ExternalId);

/// <summary>How far a lane has the events of a workspace.</summary>
/// <param name="Position">Number of the last that it has; below what was to be appended where others have to come first.</param>
/// <param name="Owner">Null where it has to be looked up first: then nothing is appended.</param>
public sealed record FeedAppend(long Position, EventOwner? Owner);
