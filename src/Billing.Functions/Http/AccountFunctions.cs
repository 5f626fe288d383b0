using Billing.Api.Admin;

namespace Billing.Functions.Http;

public sealed class AccountFunctions(BillingApi api)
{
    [Function("CreateAccount")]
    public Task<IResult> CreateAccountAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = CreateAccountEndpoint.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, CreateAccountEndpoint.Endpoint);

    [Function("FindAccount")]
    public Task<IResult> FindAccountAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = FindAccount.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, FindAccount.Endpoint);

    [Function("CreateSession")]
    public Task<IResult> CreateSessionAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = CreateSession.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, CreateSession.Endpoint);
}
