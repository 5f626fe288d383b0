using Billing.Api.Http;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Webhooks;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Webhooks;

/// <summary><c>GET /webhooks</c>: the workspace's endpoints, oldest first, without their secrets.</summary>
public static class ListWebhooks
{
    public const string Route = "api/v1/webhooks";

    public static readonly ApiEndpoint Endpoint = new("ListWebhooks", "GET", Route, Access.Reader, HandleAsync) { Query = ["workspaceId"] };

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        if (!(await request.QueriedWorkspaceAsync().ConfigureAwait(false)).TryGet(out var workspaceId, out var refusal))
        {
            return request.Refuse(refusal);
        }

        if (request.Caller.TestMode)
        {
            return JsonReply.Of(new WebhooksView([]));
        }

        var partition = new Partition(Table.Ledger, workspaceId);
        var endpoints = ListAsync(request, partition, WebhookEndpoint.Prefix);
        var health = (await ListAsync(request, partition, EndpointHealth.Prefix).ConfigureAwait(false)).Rows
            .Select(row => RowJson.Read<EndpointHealth>(row.Data))
            .ToDictionary(one => one.EndpointKey);
        return JsonReply.Of(new WebhooksView([.. (await endpoints.ConfigureAwait(false)).Rows
            .Select(row => RowJson.Read<WebhookEndpoint>(row.Data))
            .Select(endpoint => WebhookView.Of(endpoint, health.GetValueOrDefault(endpoint.Key)?.FailingSince))]));
    }

    // A deleted endpoint's health may be there for a while.
    private static Task<RowList> ListAsync(ApiRequest request, Partition partition, string prefix) =>
        request.Backend.Store.ListAsync(partition, KeyRange.StartingWith(prefix), EndpointDecisions.Most * 4, request.Cancellation);
}
