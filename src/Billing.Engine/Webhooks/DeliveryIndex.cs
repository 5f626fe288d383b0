using System.Collections.Concurrent;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Events;

namespace Billing.Engine.Webhooks;

/// <summary>Entries of the due index for deliveries, written before what they point to. Each is written once an hour by a process that remembers it.</summary>
internal sealed class DeliveryIndex(ITableStore store)
{
    private const int MostKnown = 10_000;
    private readonly ConcurrentDictionary<(string WorkspaceId, DueIndexEntry Entry), bool> _known = new();

    /// <summary>Sees that the due index leads to a delivery that is due at an instant.</summary>
    public Task EnsureDueAsync(string workspaceId, DateTimeOffset at) => EnsureAsync(workspaceId, DueIndexEntry.At(workspaceId, Queues.Webhooks, at));

    /// <summary>Sees that deliveries attempted at an instant, and their events, are looked at when they need not be kept any more.</summary>
    public Task EnsureRetentionAsync(string workspaceId, DateTimeOffset at) =>
        EnsureAsync(workspaceId, DueIndexEntry.Retention(workspaceId, at, BillingEvent.KeptFor));

    private async Task EnsureAsync(string workspaceId, DueIndexEntry entry)
    {
        if (_known.ContainsKey((workspaceId, entry)))
        {
            return;
        }

        await DueIndex.PutAsync(store, entry, [workspaceId], default).ConfigureAwait(false);
        if (_known.Count >= MostKnown)
        {
            _known.Clear();
        }

        _known.TryAdd((workspaceId, entry), true);
    }
}
