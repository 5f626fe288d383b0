using System.Collections.Immutable;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Webhooks;

namespace Billing.Engine.Webhooks;

/// <summary>What of an endpoint's deliveries can be recovered, as far as one look at them goes.</summary>
/// <param name="Last">The key that it ended at; null when it saw them all.</param>
public sealed record LostDeliveries(ImmutableArray<WebhookDelivery> Found, string? Last)
{
    // A few pages: whoever delivered much since then looks on from there.
    private const int MostLooked = 5_000;

    /// <param name="range">The deliveries to look at, newest first.</param>
    public static async Task<LostDeliveries> FindAsync(
        ITableStore store, Partition partition, KeyRange range, DateTimeOffset since, DateTimeOffset now, CancellationToken cancellation)
    {
        var found = ImmutableArray.CreateBuilder<WebhookDelivery>();
        var (looked, last) = (0, "");
        await foreach (var row in store.RowsAsync(partition, range, cancellation).ConfigureAwait(false))
        {
            if (found.Count == RecoverDecision.Most || looked == MostLooked)
            {
                return new LostDeliveries(found.ToImmutable(), last);
            }

            var delivery = RowJson.Read<WebhookDelivery>(row.Data);
            if (delivery.IsRecoverable(since, now))
            {
                found.Add(delivery);
            }

            (looked, last) = (looked + 1, row.Key);
        }

        return new LostDeliveries(found.ToImmutable(), null);
    }
}
