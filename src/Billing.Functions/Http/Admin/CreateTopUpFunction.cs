using Billing.Api.Admin;

namespace Billing.Functions.Http.Admin;

/// <summary><c>POST /admin/workspaces/{id}/top-ups</c>.</summary>
public sealed class CreateTopUpFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("CreateTopUp")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.AdminTopUps)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, CreateTopUp.Endpoint);
}
