using Billing.Api.Workspaces;

namespace Billing.Functions.Http.Workspaces;

/// <summary><c>GET /workspaces</c>.</summary>
public sealed class GetWorkspacesFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("GetWorkspaces")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.Workspaces)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, GetWorkspaces.Endpoint);
}
