using Billing.Api.Admin;
using Billing.Api.Balances;
using Billing.Api.Plans;

namespace Billing.Functions.Http;

public sealed class PlanFunctions(BillingApi api)
{
    [Function("GetPlans")]
    public Task<IResult> GetPlansAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = GetPlans.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, GetPlans.Endpoint);

    [Function("PutSubscription")]
    public Task<IResult> PutSubscriptionAsync([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = PutSubscription.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, PutSubscription.Endpoint);

    [Function("CancelSubscription")]
    public Task<IResult> CancelSubscriptionAsync([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = CancelSubscription.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, CancelSubscription.Endpoint);

    [Function("ReportPayment")]
    public Task<IResult> ReportPaymentAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = ReportPaymentEndpoint.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, ReportPaymentEndpoint.Endpoint);

    [Function("GetInvoices")]
    public Task<IResult> GetInvoicesAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = GetInvoices.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, GetInvoices.Endpoint);

    [Function("ListInvoices")]
    public Task<IResult> ListInvoicesAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ListInvoices.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, ListInvoices.Endpoint);
}
