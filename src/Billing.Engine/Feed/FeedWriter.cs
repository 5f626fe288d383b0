using System.Collections.Immutable;
using Billing.Engine.Committing;
using Billing.Engine.Directories;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Engine.Webhooks;
using Billing.Events;
using Billing.Webhooks;
using Billing.Workspaces;

namespace Billing.Engine.Feed;

/// <summary>Appends events of workspaces to their lanes of the seller's feed, those that come at the same time in one transaction.</summary>
public sealed class FeedWriter(JobPorts ports)
{
    private readonly AccountDirectory _accounts = new(ports.Store);

    /// <summary>Appends what is missing of a workspace's events.</summary>
    /// <param name="after">What the feed has already, as far as the caller knows; where it has less, that comes first.</param>
    /// <returns>Whose the events are, and the types of those that were looked at.</returns>
    public async Task<AppendedEvents> AppendAsync(string workspaceId, long after, CancellationToken cancellation)
    {
        EventOwner? owner = null;
        var (types, last) = (ImmutableArray.CreateBuilder<string>(), 0L);
        while (true)
        {
            var (told, _) = await EventRows.AfterAsync(ports.Store, workspaceId, after, SellerFeed.MostAtOnce, cancellation).ConfigureAwait(false);
            if (told.IsEmpty)
            {
                return new AppendedEvents(owner, types.ToImmutable(), last);
            }

            var (position, known) = await AppendAsync(workspaceId, owner, after, told).ConfigureAwait(false);
            if (known is null)
            {
                owner = await OwnerOfAsync(workspaceId, cancellation).ConfigureAwait(false);
            }
            else if (position < after)
            {
                after = position;
            }
            else
            {
                (owner, after, last) = (known, told[^1].Sequence, told[^1].Sequence);
                types.AddRange(told.Select(one => one.Type));
                if (told.Length < SellerFeed.MostAtOnce)
                {
                    return new AppendedEvents(owner, types.ToImmutable(), last);
                }
            }
        }
    }

    /// <summary>Appends what a lost message left out.</summary>
    public async Task CatchUpAsync(Workspace workspace, CancellationToken cancellation)
    {
        var lane = new Partition(Table.Ledger, SellerFeed.LaneOf(workspace.WorkspaceId));
        var row = workspace.Events == 0 ? null : await ports.Store.ReadAsync(lane, FeedPosition.KeyOf(workspace.WorkspaceId), cancellation).ConfigureAwait(false);
        var position = RowJson.ReadAny<FeedPosition>(row)?.Sequence ?? 0;
        if (position < workspace.Events)
        {
            await AppendAsync(workspace.WorkspaceId, position, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Has a workspace's events name another id of the seller's from now on.</summary>
    public async Task RenameAsync(string workspaceId, EventOwner owner) => await ports.Writer.SubmitAsync(
        SellerFeed.LaneOf(workspaceId),
        new Work<bool>((lane, _) => SellerFeed.Rename(lane, workspaceId, owner)) { Reads = [FeedPosition.KeyOf(workspaceId)], ReadsAccount = false }).ConfigureAwait(false);

    /// <summary>Decides on a lane, which is opened where nothing was appended to it yet.</summary>
    public async Task<WorkResult<T>> SubmitAsync<T>(string lane, Work<T> work)
    {
        while (true)
        {
            if (await ports.Writer.SubmitAsync(lane, work).ConfigureAwait(false) is { } done)
            {
                return done;
            }

            await OpenAsync(lane).ConfigureAwait(false);
        }
    }

    private async Task<FeedAppend> AppendAsync(string workspaceId, EventOwner? owner, long after, ImmutableArray<BillingEvent> told)
    {
        var work = new Work<FeedAppend>((lane, _) => SellerFeed.Append(lane, workspaceId, owner, after, told))
        {
            Reads = [FeedPosition.KeyOf(workspaceId)],
            MostRows = Math.Max(Work.FewRows, 1 + (2 * told.Length)),
            ReadsAccount = false,
        };
        return (await SubmitAsync(SellerFeed.LaneOf(workspaceId), work).ConfigureAwait(false)).Outcome!.TryGet(out var appended, out var refusal)
            ? appended
            : throw new InvalidOperationException(refusal.Detail);
    }

    private async Task<EventOwner> OwnerOfAsync(string workspaceId, CancellationToken cancellation)
    {
        var stored = await WorkspaceRows.LoadAsync(ports.Store, workspaceId, null, cancellation).ConfigureAwait(false);
        var account = stored?.Workspace.Owner is { } owner ? await _accounts.FindAsync(owner, cancellation).ConfigureAwait(false) : null;
        return new EventOwner(account?.AccountId, account?.ExternalId);
    }

    /// <summary>Opens a lane with the seller's endpoints, which the first lane of all has.</summary>
    private async Task OpenAsync(string lane)
    {
        var now = Instants.Milliseconds(ports.Clock.GetUtcNow());
        var unit = new UnitOfWork(SellerFeed.NewLane(lane, now), now);
        var first = SellerFeed.LanesOf(ShardMap.One).First();
        foreach (var hook in lane == first ? [] : await EndpointRows.ListAsync(ports.Store, first, default).ConfigureAwait(false))
        {
            EndpointDecisions.Take(unit, hook.In(lane));
        }

        await WorkspaceRows.OpenAsync(ports.Store, unit, default).ConfigureAwait(false);
    }
}

/// <param name="Owner">Null where there was nothing to append.</param>
/// <param name="Types">Of all that were looked at, those that the feed had already among them.</param>
/// <param name="Last">Number of the newest of them; 0 where there was none.</param>
public sealed record AppendedEvents(EventOwner? Owner, ImmutableArray<string> Types, long Last);
