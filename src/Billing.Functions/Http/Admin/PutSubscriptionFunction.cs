using Billing.Api.Admin;

namespace Billing.Functions.Http.Admin;

/// <summary><c>PUT /admin/workspaces/{id}/subscription</c>.</summary>
public sealed class PutSubscriptionFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("PutSubscription")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = Routes.AdminSubscription)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, PutSubscription.Endpoint);
}
