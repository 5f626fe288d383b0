using System.Collections.Concurrent;
using Billing.Writing;

namespace Billing.Webhooks;

/// <summary>Links of the due index for deliveries, written before what they point to. Each is written once an hour by a process that remembers it.</summary>
internal sealed class DeliveryLinks(ILedger ledger)
{
    private const int MostKnown = 10_000;
    private readonly ConcurrentDictionary<(string WorkspaceId, DueLink Link), bool> _known = new();

    /// <summary>Sees that the due index leads to a delivery that is due at an instant.</summary>
    public Task EnsureDueAsync(string workspaceId, DateTimeOffset at) => EnsureAsync(workspaceId, DueLink.At(Queues.Webhooks, at));

    /// <summary>Sees that deliveries attempted at an instant, and their events, are looked at when they need not be kept any more.</summary>
    public Task EnsureRetentionAsync(string workspaceId, DateTimeOffset at) =>
        EnsureAsync(workspaceId, DueLink.At(Queues.Retention, new DateTimeOffset(at.UtcDateTime.Date, TimeSpan.Zero) + BillingEvent.KeptFor + TimeSpan.FromDays(1)));

    private async Task EnsureAsync(string workspaceId, DueLink link)
    {
        if (_known.ContainsKey((workspaceId, link)))
        {
            return;
        }

        await DueLinks.PutAsync(ledger, link, [workspaceId], default).ConfigureAwait(false);
        if (_known.Count >= MostKnown)
        {
            _known.Clear();
        }

        _known.TryAdd((workspaceId, link), true);
    }
}
