using Billing.Api.Admin;
using Billing.Api.Refunds;

namespace Billing.Functions.Http;

public sealed class RefundFunctions(BillingApi api)
{
    [Function("RequestRefund")]
    public Task<IResult> RequestRefundAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = RequestRefundEndpoint.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, RequestRefundEndpoint.Endpoint);

    [Function("GetRefund")]
    public Task<IResult> GetRefundAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = GetRefund.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, GetRefund.Endpoint);

    [Function("ListRefunds")]
    public Task<IResult> ListRefundsAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ListRefunds.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, ListRefunds.Endpoint);

    [Function("ApproveRefund")]
    public Task<IResult> ApproveRefundAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = ApproveRefund.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, ApproveRefund.Endpoint);

    [Function("DenyRefund")]
    public Task<IResult> DenyRefundAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = DenyRefund.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, DenyRefund.Endpoint);
}
