using Billing.Api.Webhooks;

namespace Billing.Functions.Http.Webhooks;

/// <summary><c>POST /webhooks/{id}/test</c>.</summary>
public sealed class TestWebhookFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("TestWebhook")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.WebhookTest)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, TestWebhook.Endpoint);
}
