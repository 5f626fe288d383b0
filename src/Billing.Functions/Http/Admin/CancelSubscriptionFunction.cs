using Billing.Api.Admin;

namespace Billing.Functions.Http.Admin;

/// <summary><c>DELETE /admin/workspaces/{id}/subscription</c>.</summary>
public sealed class CancelSubscriptionFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("CancelSubscription")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Routes.AdminSubscription)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, CancelSubscription.Endpoint);
}
