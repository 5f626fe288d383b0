using Billing.Api.Refunds;

namespace Billing.Functions.Http.Refunds;

/// <summary><c>POST /admin/refunds/{id}/approve</c>.</summary>
public sealed class ApproveRefundFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("ApproveRefund")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.AdminApprove)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, ApproveRefund.Endpoint);
}
