using Billing.Api.Http;
using Billing.Engine.Committing;
using Billing.Webhooks;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Webhooks;

/// <summary><c>POST /webhooks/{id}/deliveries/{delivery_id}/replay</c>: attempts a delivery again, with the same <c>webhook-id</c>.</summary>
public static class ReplayDelivery
{
    public const string Route = "api/v1/webhooks/{id}/deliveries/{deliveryId}/replay";

    public static readonly ApiEndpoint Endpoint = new("ReplayDelivery", "POST", Route, Access.Customer, HandleAsync);

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        if (request.Body.Refusal() is { } mistakes)
        {
            return request.Refuse(mistakes);
        }

        if (await WebhookCall.OfAsync(request).ConfigureAwait(false) is not { } webhook)
        {
            return request.Refuse(WebhookCall.NotFound);
        }

        if (ReplayDecision.Of(webhook.Id, request.Route("deliveryId")) is not { } replay)
        {
            return request.Refuse(Refusal.NotFound("delivery"));
        }

        var work = new Work<WebhookDelivery>((unit, _) => replay.Decide(unit)) { Reads = replay.Reads };
        return await request.DecideAsync(webhook.WorkspaceId, work, delivery =>
            new Reply(StatusCodes.Status202Accepted, ApiJson.Write(DeliveryView.Of(delivery, webhook.WorkspaceId)))).ConfigureAwait(false);
    }
}
