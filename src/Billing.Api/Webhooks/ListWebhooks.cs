using System.Collections.Immutable;
using Billing.Api.Http;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Engine.Webhooks;
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
        var endpoints = await EndpointRows.ListAsync(request.Backend.Store, workspaceId, request.Cancellation).ConfigureAwait(false);
        var health = await HealthAsync(request, partition, [.. endpoints.Select(endpoint => endpoint.Key)]).ConfigureAwait(false);
        return JsonReply.Of(new WebhooksView([.. endpoints.Select(endpoint => WebhookView.Of(endpoint, health.GetValueOrDefault(endpoint.Key)?.FailingSince))]));
    }

    // A deleted endpoint's health may be there for a while: all of them are passed over, however many.
    private static async Task<Dictionary<string, EndpointHealth>> HealthAsync(ApiRequest request, Partition partition, ImmutableArray<string> keys) => keys.IsEmpty
        ? []
        : await request.Backend.Store.RowsAsync(partition, KeyRange.StartingWith(EndpointHealth.Prefix) with { From = EndpointHealth.KeyOf(keys[0]) }, request.Cancellation)
            .Select(row => RowJson.Read<EndpointHealth>(row.Data))
            .Where(one => keys.Contains(one.EndpointKey))
            .ToDictionaryAsync(one => one.EndpointKey, cancellationToken: request.Cancellation).ConfigureAwait(false);
}
