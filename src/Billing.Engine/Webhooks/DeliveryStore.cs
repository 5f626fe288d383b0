using System.Collections.Immutable;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Events;
using Billing.Webhooks;

namespace Billing.Engine.Webhooks;

/// <summary>A delivery as it was found, with what its attempt needs.</summary>
/// <param name="Delivery">The delivery; null when it is not there.</param>
/// <param name="Endpoint">The endpoint; null when it was removed.</param>
/// <param name="Event">The event; null when it is not kept any more.</param>
/// <param name="Replay">True when a replay was asked for.</param>
internal sealed record FoundDelivery(DeliveryId Id, WebhookDelivery? Delivery, string? ETag, WebhookEndpoint? Endpoint, BillingEvent? Event, bool Replay)
{
    /// <summary>Why it need not be attempted; null when it is worth it.</summary>
    public DeliveryFailure? Hopeless => this switch
    {
        { Event: null } => DeliveryFailure.EventExpired,
        { Endpoint.Disabled.Reason: DisabledReason.MemberLeft } => DeliveryFailure.EndpointDisabled,
        { Endpoint.Disabled: not null, Delivery: not { EventType: EventTypes.Ping } } => DeliveryFailure.EndpointDisabled,
        _ => null,
    };

    public bool IsDue(DateTimeOffset now) => Replay || (Delivery is { Status: DeliveryStatus.Pending } && Delivery.NextAttemptAt <= now);

    /// <summary>The rows that make it another, or null to remove it: the delivery first, its note with it.</summary>
    public IEnumerable<RowWrite> WritesFor(WebhookDelivery? next)
    {
        if (Delivery is not null)
        {
            yield return next is null
                ? RowWrite.Delete(Delivery.RowKey, ETag)
                : new RowWrite(WriteKind.Replace, RowJson.ToRow(next) with { ETag = ETag });
        }

        var (note, nextNote) = (Delivery?.Note, next?.Note);
        if (note is not null && note.RowKey != nextNote?.RowKey)
        {
            yield return RowWrite.Delete(note.RowKey);
        }

        if (nextNote is not null && nextNote.RowKey != note?.RowKey)
        {
            yield return new RowWrite(WriteKind.Insert, RowJson.ToRow(nextNote));
        }

        if (Replay)
        {
            yield return RowWrite.Delete(ScheduledAttempt.OfReplay(Id.EndpointKey, Id.Sequence).RowKey);
        }
    }
}

/// <summary>Reads deliveries and writes them at the version that was read.</summary>
internal sealed class DeliveryStore(WebhookPorts ports)
{
    public async Task<FoundDelivery> FindAsync(DeliveryId id)
    {
        string[] keys =
        [
            WebhookDelivery.KeyOf(id.EndpointKey, id.Sequence),
            WebhookEndpoint.Prefix + id.EndpointKey,
            BillingEvent.KeyOf(id.Sequence),
            ScheduledAttempt.OfReplay(id.EndpointKey, id.Sequence).RowKey,
        ];
        var rows = await Task.WhenAll(keys.Select(key => ports.Store.ReadAsync(PartitionOf(id), key, default))).ConfigureAwait(false);
        return new FoundDelivery(
            id, RowJson.ReadAny<WebhookDelivery>(rows[0]), rows[0]?.ETag, RowJson.ReadAny<WebhookEndpoint>(rows[1]), RowJson.ReadAny<BillingEvent>(rows[2]), rows[3] is not null);
    }

    /// <summary>An endpoint's health, and its row's version; null while there is no row.</summary>
    public async Task<(EndpointHealth Health, string? ETag)> HealthAsync(DeliveryId id)
    {
        var row = await ports.Store.ReadAsync(PartitionOf(id), EndpointHealth.KeyOf(id.EndpointKey), default).ConfigureAwait(false);
        return (RowJson.ReadAny<EndpointHealth>(row) ?? new EndpointHealth { EndpointKey = id.EndpointKey }, row?.ETag);
    }

    /// <summary>Makes a delivery another, or removes it, and changes its endpoint's health if there is one to change; all or nothing.</summary>
    /// <returns>The delivery as it is found now; null when it or the health has changed since it was read.</returns>
    /// <exception cref="StorageUnavailableException">It may not be stored.</exception>
    public async Task<FoundDelivery?> TryWriteAsync(FoundDelivery found, WebhookDelivery? next, EndpointHealth? health = null, string? healthETag = null)
    {
        var writes = found.WritesFor(next).ToImmutableArray();
        if (health is not null)
        {
            writes = writes.Add(new RowWrite(healthETag is null ? WriteKind.Insert : WriteKind.Replace, RowJson.ToRow(health) with { ETag = healthETag }));
        }

        if (writes.IsEmpty)
        {
            return found;
        }

        // An answer that was lost reads as a change: who claimed it then waits for the end of its lease, and what was stored is found stored.
        return await ports.Store.CommitUntilKnownAsync(PartitionOf(found.Id), writes, default).ConfigureAwait(false) is CommitResult.Committed { ETags: var etags }
            ? found with { Delivery = next, ETag = etags[0], Replay = false }
            : null;
    }

    private static Partition PartitionOf(DeliveryId id) => new(Table.Ledger, id.WorkspaceId);
}
