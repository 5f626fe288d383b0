using Billing.Api.Admin;

namespace Billing.Functions.Http.Admin;

/// <summary><c>GET /admin/workspaces/{id}/invoices</c>.</summary>
public sealed class ListInvoicesFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("ListInvoices")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.AdminInvoices)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, ListInvoices.Endpoint);
}
