using Billing.Api.Balances;

namespace Billing.Functions.Http.Balances;

/// <summary><c>GET /invoices</c>.</summary>
public sealed class GetInvoicesFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("GetInvoices")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.Invoices)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, GetInvoices.Endpoint);
}
