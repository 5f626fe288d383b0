using Billing.Api.Http;
using Billing.Engine.Committing;
using Billing.Webhooks;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Webhooks;

/// <summary><c>POST /webhooks/{id}/test</c>: sends a <c>ping</c> to this endpoint alone, on the same way as every event.</summary>
public static class TestWebhook
{
    public const string Route = "api/v1/webhooks/{id}/test";

    public static readonly ApiEndpoint Endpoint = new("TestWebhook", "POST", Route, Access.Customer, request => WebhookCall.DecideAsync(
        request,
        (unit, _, id) => EndpointDecisions.Test(unit, id),
        delivery => new Reply(StatusCodes.Status202Accepted, ApiJson.Write(DeliveryView.Of(delivery, WorkspaceOf(request))))));

    private static string WorkspaceOf(ApiRequest request) => Ids.TryParse("we", request.Route("id"), out var workspaceId, out _) ? workspaceId : "";
}
