using Billing.Api.Admin;

namespace Billing.Functions.Http.Admin;

/// <summary><c>GET /admin/workspaces/{id}/ledger</c>.</summary>
public sealed class GetWorkspaceLedgerFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("GetWorkspaceLedger")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.AdminLedger)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, GetWorkspaceLedger.Endpoint);
}
