using Billing.Api.Http;
using Billing.Engine.Rows;
using Billing.Webhooks;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Webhooks;

/// <summary><c>GET /webhooks/{id}/deliveries</c>: what was sent to the endpoint, newest first.</summary>
public static class ListDeliveries
{
    public const string Route = "api/v1/webhooks/{id}/deliveries";

    public static readonly ApiEndpoint Endpoint = new("ListDeliveries", "GET", Route, Access.Reader, HandleAsync) { Query = ["limit", "cursor"] };

    private const int MostDeliveries = 100;
    private const int DefaultDeliveries = 20;

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        if (await WebhookCall.OfAsync(request).ConfigureAwait(false) is not { } webhook
            || await request.Backend.Store.ReadAsync(webhook.Partition, WebhookEndpoint.KeyOf(webhook.Id), request.Cancellation).ConfigureAwait(false) is not { } row)
        {
            return request.Refuse(WebhookCall.NotFound);
        }

        var asked = PageRequest.Of(request, WebhookDelivery.Of(RowJson.Read<WebhookEndpoint>(row.Data).Key), MostDeliveries, DefaultDeliveries);
        if (!asked.TryGet(out var page, out var mistake))
        {
            return request.Refuse(mistake);
        }

        var (rows, next) = await page.ReadAsync(request.Backend.Store, webhook.Partition, request.Cancellation).ConfigureAwait(false);
        return JsonReply.Of(new DeliveriesView([.. rows.Select(one => DeliveryView.Of(RowJson.Read<WebhookDelivery>(one.Data), webhook.WorkspaceId))], next));
    }
}
