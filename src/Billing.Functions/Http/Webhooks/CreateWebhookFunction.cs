using Billing.Api.Webhooks;

namespace Billing.Functions.Http.Webhooks;

/// <summary><c>POST /webhooks</c>.</summary>
public sealed class CreateWebhookFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("CreateWebhook")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.Webhooks)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, CreateWebhook.Endpoint);
}
