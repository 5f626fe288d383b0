using System.Collections.Immutable;

namespace Billing.Webhooks;

/// <summary>Deletes what a deleted endpoint left behind: its notes, its deliveries and its lane.</summary>
internal sealed class EndpointRemoval(ILedger ledger, EndpointBell bell)
{
    private const int MostPages = 20;
    private readonly Partition _partition = new(Table.Ledger, bell.WorkspaceId);

    /// <returns>False when more is left.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        KeyRange[] ranges = [DueDelivery.Of(bell.Key), WebhookDelivery.Of(bell.Key), KeyRange.StartingWith(EndpointLane.KeyOf(bell.Key))];
        var pages = 0;
        foreach (var range in ranges)
        {
            string? continuation = null;
            do
            {
                if (pages++ == MostPages)
                {
                    return false;
                }

                var page = await ledger.ListAsync(_partition, range, ILedger.MaxWrites, null, continuation, cancellation).ConfigureAwait(false);
                await DeleteAsync([.. page.Rows.Select(row => new RowWrite(WriteKind.Delete, new Row(row.Key, "")))]).ConfigureAwait(false);
                continuation = page.Continuation;
            }
            while (continuation is not null);
        }

        return true;
    }

    private async Task DeleteAsync(ImmutableArray<RowWrite> deletes)
    {
        if (deletes.IsEmpty || await ledger.CommitUntilKnownAsync(_partition, deletes, default).ConfigureAwait(false) is CommitResult.Committed)
        {
            return;
        }

        // Another instance is at it, too: one by one, for a transaction fails as a whole when one row is gone.
        foreach (var delete in deletes)
        {
            await ledger.CommitUntilKnownAsync(_partition, [delete], default).ConfigureAwait(false);
        }
    }
}
