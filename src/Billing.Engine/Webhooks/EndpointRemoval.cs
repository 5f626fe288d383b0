using System.Collections.Immutable;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Webhooks;

namespace Billing.Engine.Webhooks;

/// <summary>Deletes what a removed endpoint left behind: its deliveries with their notes, and its health. What comes in between is deleted by its attempt.</summary>
internal static class EndpointRemoval
{
    private const int AtOnce = 48;
    private const int Most = 20 * AtOnce;

    /// <returns>False when something is left.</returns>
    public static async Task<bool> RunAsync(ITableStore store, string workspaceId, string endpointKey, CancellationToken cancellation)
    {
        var partition = new Partition(Table.Ledger, workspaceId);
        if (await store.ReadAsync(partition, WebhookEndpoint.Prefix + endpointKey, cancellation).ConfigureAwait(false) is not null)
        {
            return true;
        }

        var deleted = 0;
        await foreach (var some in store.RowsAsync(partition, WebhookDelivery.Of(endpointKey), cancellation, AtOnce).Take(Most).Chunk(AtOnce).ConfigureAwait(false))
        {
            // Another instance may be at it, too, or an attempt has ended.
            if (!await store.CommitEachAsync(partition, [.. some.Select(DeletesOf)], default).ConfigureAwait(false))
            {
                return false;
            }

            deleted += some.Length;
        }

        await store.CommitUntilKnownAsync(partition, [RowWrite.Delete(EndpointHealth.KeyOf(endpointKey))], default).ConfigureAwait(false);
        return deleted < Most;
    }

    private static ImmutableArray<RowWrite> DeletesOf(Row row) =>
        [.. new FoundDelivery(default, RowJson.Read<WebhookDelivery>(row.Data), row.ETag, null, null, Replay: false).WritesFor(null)];
}
