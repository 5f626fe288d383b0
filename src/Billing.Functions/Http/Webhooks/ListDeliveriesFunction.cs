using Billing.Api.Webhooks;

namespace Billing.Functions.Http.Webhooks;

/// <summary><c>GET /webhooks/{id}/deliveries</c>.</summary>
public sealed class ListDeliveriesFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("ListDeliveries")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.WebhookDeliveries)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, ListDeliveries.Endpoint);
}
