using Billing.Api.Admin;

namespace Billing.Functions.Http.Admin;

/// <summary><c>POST /admin/workspaces</c>.</summary>
public sealed class CreateWorkspaceFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("CreateWorkspace")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.AdminWorkspaces)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, CreateWorkspace.Endpoint);
}
