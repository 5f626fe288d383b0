using System.Collections.Immutable;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Events;

namespace Billing.Engine.Feed;

/// <summary>The events of a workspace, or of a lane of the seller's feed, in their order.</summary>
internal static class EventRows
{
    /// <summary>Events that follow one, of those that are still kept: one round trip.</summary>
    /// <returns>The events, and whether there are more.</returns>
    public static async Task<(ImmutableArray<BillingEvent> Events, bool More)> AfterAsync(ITableStore store, string workspaceId, long after, int most, CancellationToken cancellation)
    {
        var range = KeyRange.StartingWith(BillingEvent.Prefix) with { From = BillingEvent.KeyOf(after + 1) };
        var list = await store.ListAsync(new Partition(Table.Ledger, workspaceId), range, most, cancellation).ConfigureAwait(false);
        return ([.. list.Rows.Select(row => RowJson.Read<BillingEvent>(row.Data))], list.More);
    }
}
