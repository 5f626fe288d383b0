using Billing.Api.Refunds;

namespace Billing.Functions.Http.Refunds;

/// <summary><c>GET /refunds/{id}</c>.</summary>
public sealed class GetRefundFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("GetRefund")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.Refund)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, GetRefund.Endpoint);
}
