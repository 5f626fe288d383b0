using Billing.Api.Webhooks;

namespace Billing.Functions.Http.Webhooks;

/// <summary><c>GET /webhooks</c>.</summary>
public sealed class ListWebhooksFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("ListWebhooks")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.Webhooks)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, ListWebhooks.Endpoint);
}
