using Billing.Api.Admin;

namespace Billing.Functions.Http.Admin;

/// <summary><c>GET /admin/workspaces/{id}</c>.</summary>
public sealed class GetWorkspaceAccountFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("GetWorkspaceAccount")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.AdminWorkspace)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, GetWorkspaceAccount.Endpoint);
}
