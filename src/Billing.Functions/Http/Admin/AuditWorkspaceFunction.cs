using Billing.Api.Admin;

namespace Billing.Functions.Http.Admin;

/// <summary><c>GET /admin/workspaces/{id}/audit</c>.</summary>
public sealed class AuditWorkspaceFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("AuditWorkspace")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.AdminAudit)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, AuditWorkspace.Endpoint);
}
