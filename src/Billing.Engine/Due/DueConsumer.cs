using Billing.Engine.Committing;
using Billing.Engine.Ports;
using Billing.Generations;
using Billing.Workspaces;

namespace Billing.Engine.Due;

/// <summary>
/// Catches up the workspaces that a message names: whatever is due in them, whichever job found it, is carried out. An entry whose hour is over goes when
/// nothing is left of what it was written for.
/// </summary>
public sealed class DueConsumer(string queue, ITableStore store, IMessageQueue messages, WorkspaceWriter writer, TimeProvider clock) : IConsumer
{
    private const int AtOnce = 8;
    private const int SentAtOnce = 32;

    public string Queue => queue;

    public async Task<Consumption> ConsumeAsync(string message, CancellationToken cancellation)
    {
        if (!DueMessage.TryParse(message, queue, out var due))
        {
            return DueMessage.NotOne;
        }

        var done = new List<string>();
        foreach (var some in due.WorkspaceIds.Chunk(AtOnce))
        {
            var caughtUp = await Task.WhenAll(some.Select(id => CatchUpAsync(id, due.Entry, cancellation))).ConfigureAwait(false);
            done.AddRange(some.Where((_, index) => caughtUp[index]));
        }

        await DueIndex.RemoveAsync(store, due.Entry, done, cancellation).ConfigureAwait(false);
        return Consumption.Done;
    }

    private async Task<bool> CatchUpAsync(string workspaceId, DueIndexEntry entry, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (await writer.SubmitAsync(workspaceId, CatchUp.Work).ConfigureAwait(false) is not { Workspace: var workspace })
        {
            return entry.EndsAt <= now;
        }

        if (queue == Queues.Expirations)
        {
            await SendAgainAsync(workspace, cancellation).ConfigureAwait(false);
        }

        return entry.IsDone(workspace, now);
    }

    /// <summary>Messages are lost with the process that sent them; refunds that still wait get new ones.</summary>
    private async Task SendAgainAsync(Workspace workspace, CancellationToken cancellation)
    {
        var partition = new Partition(Table.Ledger, workspace.WorkspaceId);
        if (workspace.PendingRefunds > 0)
        {
            // All of them: some that fail for ever must not stand before the others.
            await foreach (var some in store.RowsAsync(partition, KeyRange.StartingWith(Refund.Prefix), cancellation, tag: "pending").Chunk(SentAtOnce).ConfigureAwait(false))
            {
                await Task.WhenAll(some.Select(row =>
                    messages.SendAsync(ShardQueue.Of(workspace.WorkspaceId, Queues.Refunds), row.Key[Refund.Prefix.Length..], TimeSpan.Zero, cancellation))).ConfigureAwait(false);
            }
        }
    }
}
