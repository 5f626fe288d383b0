using Billing.Api.Http;
using Billing.Webhooks;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Webhooks;

/// <summary><c>DELETE /webhooks/{id}</c>: the endpoint goes, and its deliveries with it.</summary>
public static class DeleteWebhook
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("DeleteWebhook", "DELETE", Routes.Webhook, Access.Customer, call => WebhookCall.DecideAsync(
        call,
        (draft, _, id) => EndpointDecisions.Delete(draft, id),
        endpoint => new Reply(StatusCodes.Status200OK, ApiJson.Write(new DeletedWebhookView(endpoint.Id, Deleted: true)))));
}

/// <summary>The answer of <c>DELETE /webhooks/{id}</c>.</summary>
public sealed record DeletedWebhookView(string Id, bool Deleted);
