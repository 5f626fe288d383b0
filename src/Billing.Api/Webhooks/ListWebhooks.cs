using Billing.Api.Http;
using Billing.Webhooks;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Webhooks;

/// <summary><c>GET /webhooks</c>: the workspace's endpoints, oldest first, without their secrets.</summary>
public static class ListWebhooks
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("ListWebhooks", "GET", Routes.Webhooks, Access.Customer, HandleAsync);

    private static async Task<IResult> HandleAsync(Call call)
    {
        if (await call.WorkspaceAsync(call.QueryWorkspace()).ConfigureAwait(false) is not Outcome<string>.Accepted { Value: var workspaceId })
        {
            return call.Refuse(Refusal.NotFound("workspace"));
        }

        var partition = new Partition(Table.Ledger, workspaceId);
        var endpoints = ListAsync(call, partition, WebhookEndpoint.Prefix);
        var lanes = (await ListAsync(call, partition, EndpointLane.Prefix).ConfigureAwait(false)).Rows
            .Select(row => RowJson.Read<EndpointLane>(row.Data))
            .ToDictionary(lane => lane.EndpointKey);
        return JsonReply.Of(new WebhooksView([.. (await endpoints.ConfigureAwait(false)).Rows
            .Select(row => RowJson.Read<WebhookEndpoint>(row.Data))
            .Select(endpoint => WebhookView.Of(endpoint, lanes.GetValueOrDefault(endpoint.Key)?.FailingSince))]));
    }

    // A deleted endpoint's lane may be there for a while.
    private static Task<RowPage> ListAsync(Call call, Partition partition, string prefix) =>
        call.Backend.Ledger.ListAsync(partition, KeyRange.StartingWith(prefix), EndpointDecisions.Most * 4, null, null, call.Cancellation);
}
