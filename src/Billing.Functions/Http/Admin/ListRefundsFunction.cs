using Billing.Api.Admin;

namespace Billing.Functions.Http.Admin;

/// <summary><c>GET /admin/workspaces/{id}/refunds</c>.</summary>
public sealed class ListRefundsFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("ListRefunds")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.AdminRefunds)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, ListRefunds.Endpoint);
}
