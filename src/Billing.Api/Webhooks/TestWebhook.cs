using Billing.Api.Http;
using Billing.Webhooks;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Webhooks;

/// <summary><c>POST /webhooks/{id}/test</c>: sends a <c>ping</c> to this endpoint alone, on the same way as every event.</summary>
public static class TestWebhook
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("TestWebhook", "POST", Routes.WebhookTest, Access.Customer, call => WebhookCall.DecideAsync(
        call,
        (draft, _, id) => EndpointDecisions.Test(draft, id),
        delivery => new Reply(StatusCodes.Status202Accepted, ApiJson.Write(DeliveryView.Of(delivery, WorkspaceOf(call))))));

    private static string WorkspaceOf(Call call) => Ids.TryParse("we", call.Route("id"), out var workspaceId, out _) ? workspaceId : "";
}
