using Billing.Api.Admin;

namespace Billing.Functions.Http.Admin;

/// <summary><c>POST /admin/workspaces/{id}/payments</c>.</summary>
public sealed class ReportPaymentFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("ReportPayment")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.AdminPayments)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, ReportPaymentEndpoint.Endpoint);
}
