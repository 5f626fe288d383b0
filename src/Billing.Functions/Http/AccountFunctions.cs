using Billing.Api.Admin;
using Billing.Api.SignIn;

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

    [Function("OpenSession")]
    public Task<IResult> OpenSessionAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = OpenSession.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, OpenSession.Endpoint);

    [Function("CloseSession")]
    public Task<IResult> CloseSessionAsync([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = CloseSession.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, CloseSession.Endpoint);
}
