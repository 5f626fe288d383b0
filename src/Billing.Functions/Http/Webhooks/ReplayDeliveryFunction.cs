using Billing.Api.Webhooks;

namespace Billing.Functions.Http.Webhooks;

/// <summary><c>POST /webhooks/{id}/deliveries/{delivery_id}/replay</c>.</summary>
public sealed class ReplayDeliveryFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("ReplayDelivery")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.WebhookReplay)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, ReplayDelivery.Endpoint);
}
