using Billing.Api.Admin;

namespace Billing.Functions.Http.Admin;

/// <summary><c>POST /admin/workspaces/{id}/members</c>.</summary>
public sealed class AddMemberFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("AddMember")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.AdminMembers)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, AddMember.Endpoint);
}
