using Billing.Api.Admin;

namespace Billing.Functions.Http.Admin;

/// <summary><c>DELETE /admin/workspaces/{id}/members</c>.</summary>
public sealed class RemoveMemberFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("RemoveMember")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Routes.AdminMembers)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, RemoveMember.Endpoint);
}
