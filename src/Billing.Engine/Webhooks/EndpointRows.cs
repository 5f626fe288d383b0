using System.Collections.Immutable;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Webhooks;

namespace Billing.Engine.Webhooks;

/// <summary>The webhook endpoints of a workspace, or of a lane of the seller's feed.</summary>
public static class EndpointRows
{
    /// <summary>All of them, oldest first: one round trip.</summary>
    public static async Task<ImmutableArray<WebhookEndpoint>> ListAsync(ITableStore store, string workspaceId, CancellationToken cancellation)
    {
        var list = await store.ListAsync(new Partition(Table.Ledger, workspaceId), KeyRange.StartingWith(WebhookEndpoint.Prefix), EndpointDecisions.Most, cancellation).ConfigureAwait(false);
        return [.. list.Rows.Select(row => RowJson.Read<WebhookEndpoint>(row.Data))];
    }
}
