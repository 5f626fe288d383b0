using Billing.Api.Webhooks;

namespace Billing.Functions.Http.Webhooks;

/// <summary><c>DELETE /webhooks/{id}</c>.</summary>
public sealed class DeleteWebhookFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("DeleteWebhook")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Routes.Webhook)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, DeleteWebhook.Endpoint);
}
