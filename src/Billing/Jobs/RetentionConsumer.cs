using System.Collections.Immutable;
using Billing.Accounts;
using Billing.Webhooks;
using Billing.Writing;

namespace Billing.Jobs;

/// <summary>
/// Deletes what has had its time: operations after 24 hours, webhook deliveries after 30 days, events after 35. Ledger entries, generations and invoices stay.
/// A workspace is swept once for each day on which it was used, so each row is looked at a few times in its life, however long the workspace's history.
/// </summary>
public sealed class RetentionConsumer(ILedger ledger, TimeProvider clock) : IConsumer
{
    private const int PageSize = 500;

    /// <inheritdoc/>
    public string Queue => Queues.Retention;

    /// <inheritdoc/>
    public async Task<Consumption> ConsumeAsync(string message, CancellationToken cancellation)
    {
        if (!DueMessage.TryParse(message, Queue, out var due))
        {
            return Consumption.Parked("it does not name workspaces of the due index");
        }

        foreach (var workspaceId in due.WorkspaceIds)
        {
            await SweepAsync(new Partition(Table.Ledger, workspaceId), cancellation).ConfigureAwait(false);
        }

        if (due.Link.EndsAt <= clock.GetUtcNow())
        {
            await DueLinks.RemoveAsync(ledger, due.Link, due.WorkspaceIds, cancellation).ConfigureAwait(false);
        }

        return Consumption.Done;
    }

    private async Task SweepAsync(Partition partition, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await DeleteAsync(partition, Operation.Prefix, row => RowJson.Read<Operation>(row.Data).CreatedAt + Operation.KeptFor <= now, cancellation).ConfigureAwait(false);
        var handedOver = (await AccountRows.LoadAsync(ledger, partition.Key, null, cancellation).ConfigureAwait(false))?.Account.EventsHandedOver ?? 0;
        await DeleteAsync(partition, BillingEvent.Prefix, row => RowJson.Read<BillingEvent>(row.Data).IsOver(now, handedOver), cancellation).ConfigureAwait(false);
        await DeleteAsync(partition, WebhookDelivery.Prefix, row => RowJson.Read<WebhookDelivery>(row.Data).IsOver(now), cancellation).ConfigureAwait(false);
    }

    private async Task DeleteAsync(Partition partition, string prefix, Func<Row, bool> isOver, CancellationToken cancellation)
    {
        string? continuation = null;
        do
        {
            var page = await ledger.ListAsync(partition, KeyRange.StartingWith(prefix), PageSize, null, continuation, cancellation).ConfigureAwait(false);
            foreach (var some in page.Rows.Where(isOver).Chunk(ILedger.MaxWrites))
            {
                // At the version that was looked at: what was written since is not old.
                var deletes = some.Select(row => new RowWrite(WriteKind.Delete, row with { Data = "" })).ToImmutableArray();
                await ledger.CommitUntilKnownAsync(partition, deletes, cancellation).ConfigureAwait(false);
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);
    }
}
