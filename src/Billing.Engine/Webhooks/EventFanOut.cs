using System.Collections.Immutable;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Events;
using Billing.Webhooks;

namespace Billing.Engine.Webhooks;

/// <summary>
/// Makes a delivery of an event for each endpoint that it is for, in the transaction that deletes the event's note: so it is done once, however often and
/// by however many it is tried. An endpoint that was removed meanwhile is found missing by the attempt.
/// </summary>
internal sealed class EventFanOut(WebhookPorts ports)
{
    /// <returns>The event's deliveries; null when there is no such event.</returns>
    public async Task<ImmutableArray<DeliveryId>?> RunAsync(string workspaceId, long sequence, CancellationToken cancellation)
    {
        var partition = new Partition(Table.Ledger, workspaceId);
        var note = ScheduledAttempt.OfEvent(sequence).RowKey;
        var rows = await Task.WhenAll(
            ports.Store.ReadAsync(partition, BillingEvent.KeyOf(sequence), cancellation),
            ports.Store.ReadAsync(partition, note, cancellation)).ConfigureAwait(false);
        if (rows[0] is not { } row)
        {
            return null;
        }

        var told = RowJson.Read<BillingEvent>(row.Data);
        if (rows[1] is not null)
        {
            await MakeDeliveriesAsync(partition, told, note).ConfigureAwait(false);
        }

        return [.. told.Targets.Select(id => DeliveryId.Of(id, sequence))];
    }

    private async Task MakeDeliveriesAsync(Partition partition, BillingEvent told, string note)
    {
        var now = ports.Now;
        await ports.Index.EnsureDueAsync(partition.Key, now).ConfigureAwait(false);
        await ports.Index.EnsureRetentionAsync(partition.Key, now).ConfigureAwait(false);
        ImmutableArray<RowWrite> writes =
        [
            .. told.Targets.Select(id => WebhookDelivery.New(DeliveryId.Of(id, told.Sequence).EndpointKey, told.Sequence, told.Type, now)).SelectMany(InsertsOf),
            RowWrite.Delete(note),
        ];

        // When it is refused, somebody else has made them.
        await ports.Store.CommitUntilKnownAsync(partition, writes, default).ConfigureAwait(false);
    }

    private static IEnumerable<RowWrite> InsertsOf(WebhookDelivery delivery) =>
        [new(WriteKind.Insert, RowJson.ToRow(delivery)), new(WriteKind.Insert, RowJson.ToRow(delivery.Note!))];
}
