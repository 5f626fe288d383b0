using Billing.Api.Http;
using Billing.Engine.Committing;
using Billing.Webhooks;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Webhooks;

/// <summary><c>DELETE /webhooks/{id}</c>: the endpoint goes, and its deliveries with it.</summary>
public static class DeleteWebhook
{
    public const string Route = "api/v1/webhooks/{id}";

    public static readonly ApiEndpoint Endpoint = new("DeleteWebhook", "DELETE", Route, Access.Customer, request => WebhookCall.DecideAsync(
        request,
        (unit, _, id) => EndpointDecisions.Delete(unit, id),
        endpoint => new Reply(StatusCodes.Status200OK, ApiJson.Write(new DeletedWebhookView(endpoint.Id, Deleted: true)))));
}

/// <summary>The answer of <c>DELETE /webhooks/{id}</c>.</summary>
public sealed record DeletedWebhookView(string Id, bool Deleted);
