using Billing.Api.Admin;

namespace Billing.Functions.Http.Admin;

/// <summary><c>POST /admin/accounts</c>.</summary>
public sealed class CreateAccountFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("CreateAccount")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.AdminAccounts)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, CreateAccountEndpoint.Endpoint);
}
