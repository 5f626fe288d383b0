using Billing.Api.Webhooks;

namespace Billing.Functions.Http.Webhooks;

/// <summary><c>POST /webhooks/{id}/rotate</c>.</summary>
public sealed class RotateWebhookFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("RotateWebhook")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.WebhookRotate)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, RotateWebhook.Endpoint);
}
