using Billing.Api.Refunds;

namespace Billing.Functions.Http.Refunds;

/// <summary><c>POST /refunds</c>.</summary>
public sealed class RequestRefundFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("RequestRefund")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.Refunds)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, RequestRefundEndpoint.Endpoint);
}
