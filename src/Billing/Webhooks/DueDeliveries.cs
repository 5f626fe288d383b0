using Billing.Jobs;
using Billing.Writing;

namespace Billing.Webhooks;

/// <summary>Rings for the deliveries that are due in the workspaces of a message of the due index: bells are lost, and the development clock does not move the queue's.</summary>
internal sealed class DueDeliveries(WebhookPorts ports)
{
    private const int AtOnce = 8;

    // Another instance whose clock is behind may still count on a link of the hour that has just ended.
    private static readonly TimeSpan MostSkew = TimeSpan.FromMinutes(5);

    /// <summary>Rings, and removes the links that are not needed any more.</summary>
    public async Task RingAsync(DueMessage due, CancellationToken cancellation)
    {
        var done = new List<string>();
        foreach (var some in due.WorkspaceIds.Chunk(AtOnce))
        {
            var idle = await Task.WhenAll(some.Select(id => RingAsync(id, due.Link, cancellation))).ConfigureAwait(false);
            done.AddRange(some.Where((_, index) => idle[index]));
        }

        if (due.Link.EndsAt + MostSkew <= ports.Now)
        {
            await DueLinks.RemoveAsync(ports.Ledger, due.Link, done, cancellation).ConfigureAwait(false);
        }
    }

    /// <returns>True when nothing is left that was due within the link's hour.</returns>
    private async Task<bool> RingAsync(string workspaceId, DueLink link, CancellationToken cancellation)
    {
        if (await ports.Writer.ReadAsync(workspaceId, cancellation).ConfigureAwait(false) is not { } account)
        {
            return true;
        }

        var partition = new Partition(Table.Ledger, workspaceId);
        var idle = true;
        foreach (var id in account.Subscribers.Select(one => one.Id))
        {
            Ids.TryParse("we", id, out _, out var key);
            var page = await ports.Ledger.ListAsync(partition, DueDelivery.Of(key), 1, null, null, cancellation).ConfigureAwait(false);
            if (page.Rows is not [var row] || RowJson.Read<DueDelivery>(row.Data) is not { } first)
            {
                continue;
            }

            idle &= first.At >= link.EndsAt;
            if (!(first.At > ports.Now))
            {
                await ports.Doorbell.RingAsync(Queues.Webhooks, id, TimeSpan.Zero, cancellation).ConfigureAwait(false);
            }
        }

        return idle;
    }
}
