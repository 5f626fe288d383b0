using Billing.Api.Http;
using Billing.Webhooks;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Webhooks;

/// <summary><c>GET /webhooks/{id}/deliveries</c>: what was sent to the endpoint, newest first.</summary>
public static class ListDeliveries
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("ListDeliveries", "GET", Routes.WebhookDeliveries, Access.Customer, HandleAsync);

    private const int MostDeliveries = 100;
    private const int DefaultDeliveries = 20;

    private static async Task<IResult> HandleAsync(Call call)
    {
        if (await WebhookCall.OfAsync(call).ConfigureAwait(false) is not { } webhook
            || await call.Backend.Ledger.ReadAsync(webhook.Partition, WebhookEndpoint.KeyOf(webhook.Id), call.Cancellation).ConfigureAwait(false) is not { } row)
        {
            return call.Refuse(WebhookCall.NotFound);
        }

        var asked = PageRequest.Of(call, WebhookDelivery.Of(RowJson.Read<WebhookEndpoint>(row.Data).Key), MostDeliveries, DefaultDeliveries);
        if (asked is not Outcome<PageRequest>.Accepted { Value: var page })
        {
            return call.Refuse(((Outcome<PageRequest>.Declined)asked).Refusal);
        }

        var (rows, next) = await page.ReadAsync(call.Backend.Ledger, webhook.Partition, call.Cancellation).ConfigureAwait(false);
        return JsonReply.Of(new DeliveriesView([.. rows.Select(one => DeliveryView.Of(RowJson.Read<WebhookDelivery>(one.Data), webhook.WorkspaceId))], next));
    }
}
