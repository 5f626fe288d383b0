using Billing.Api.Refunds;

namespace Billing.Functions.Http.Refunds;

/// <summary><c>POST /admin/refunds/{id}/deny</c>.</summary>
public sealed class DenyRefundFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("DenyRefund")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.AdminDeny)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, DenyRefund.Endpoint);
}
