using System.Collections.Immutable;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Events;

namespace Billing.Engine.Retention;

/// <summary>
/// Deletes what has had its time by the table of rows. A workspace is swept once for each day on which it was used, so each row is looked at a few times
/// in its life, however long the workspace's history.
/// </summary>
public sealed class RetentionConsumer(ITableStore store, TimeProvider clock) : IConsumer
{
    public string Queue => Queues.Retention;

    public async Task<Consumption> ConsumeAsync(string message, CancellationToken cancellation)
    {
        if (!DueMessage.TryParse(message, Queue, out var due))
        {
            return DueMessage.NotOne;
        }

        var swept = new List<string>();
        foreach (var workspaceId in due.WorkspaceIds)
        {
            if (await SweepAsync(new Partition(Table.Ledger, workspaceId), cancellation).ConfigureAwait(false))
            {
                swept.Add(workspaceId);
            }
        }

        if (due.Entry.EndsAt <= clock.GetUtcNow())
        {
            await DueIndex.RemoveAsync(store, due.Entry, swept, cancellation).ConfigureAwait(false);
        }

        return Consumption.Done;
    }

    /// <returns>False when something that has had its time is left: the entry stays, and the next run tries again.</returns>
    private async Task<bool> SweepAsync(Partition partition, CancellationToken cancellation)
    {
        // Events whose deliveries are still to be made stay.
        var waiting = await store.RowsAsync(partition, ScheduledAttempt.DueAtOnce, cancellation)
            .Select(row => BillingEvent.KeyOf(RowJson.Read<ScheduledAttempt>(row.Data).Sequence))
            .ToHashSetAsync(StringComparer.Ordinal, cancellation).ConfigureAwait(false);
        var all = true;
        foreach (var kind in RowSchema.All.Where(kind => kind.Table == partition.Table))
        {
            if (kind.Kept.IsOver is { } isOver)
            {
                all &= await DeleteAsync(partition, kind.Prefix, row => isOver(row, clock.GetUtcNow()) && !waiting.Contains(row.Key), cancellation).ConfigureAwait(false);
            }
        }

        return all;
    }

    private async Task<bool> DeleteAsync(Partition partition, string prefix, Func<Row, bool> isOver, CancellationToken cancellation)
    {
        var all = true;
        await foreach (var some in store.RowsAsync(partition, KeyRange.StartingWith(prefix), cancellation).Where(isOver).Chunk(ITableStore.MaxWrites).ConfigureAwait(false))
        {
            // At the version that was looked at: what was written since is not old, and keeps none of the others.
            all &= await store.CommitEachAsync(partition, [.. some.Select(row => ImmutableArray.Create(RowWrite.Delete(row.Key, row.ETag)))], cancellation).ConfigureAwait(false);
        }

        return all;
    }
}
