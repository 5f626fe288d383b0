using Billing.Api.Admin;

namespace Billing.Functions.Http.Admin;

/// <summary><c>POST /admin/workspaces/{id}/grants</c>.</summary>
public sealed class CreateGrantFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("CreateGrant")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.AdminGrants)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, CreateGrant.Endpoint);
}
