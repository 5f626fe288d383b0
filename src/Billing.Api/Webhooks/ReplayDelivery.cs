using Billing.Api.Http;
using Billing.Webhooks;
using Billing.Writing;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Webhooks;

/// <summary><c>POST /webhooks/{id}/deliveries/{delivery_id}/replay</c>: attempts a delivery again, with the same <c>webhook-id</c>.</summary>
public static class ReplayDelivery
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("ReplayDelivery", "POST", Routes.WebhookReplay, Access.Customer, HandleAsync);

    private static async Task<IResult> HandleAsync(Call call)
    {
        if (call.Body.Mistakes is { } mistakes)
        {
            return call.Refuse(mistakes);
        }

        if (await WebhookCall.OfAsync(call).ConfigureAwait(false) is not { } webhook)
        {
            return call.Refuse(WebhookCall.NotFound);
        }

        if (ReplayDecision.Of(webhook.Id, call.Route("deliveryId")) is not { } replay)
        {
            return call.Refuse(Refusal.NotFound("delivery"));
        }

        var work = new Work<WebhookDelivery>((draft, _) => replay.Decide(draft)) { Reads = replay.Reads };
        return await call.DecideAsync(webhook.WorkspaceId, work, delivery =>
            new Reply(StatusCodes.Status202Accepted, ApiJson.Write(DeliveryView.Of(delivery, webhook.WorkspaceId)))).ConfigureAwait(false);
    }
}
