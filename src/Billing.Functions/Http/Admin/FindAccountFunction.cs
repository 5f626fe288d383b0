using Billing.Api.Admin;

namespace Billing.Functions.Http.Admin;

/// <summary><c>GET /admin/accounts?external_id=</c>.</summary>
public sealed class FindAccountFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("FindAccount")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.AdminAccounts)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, FindAccount.Endpoint);
}
