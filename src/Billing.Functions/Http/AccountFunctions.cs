using Billing.Api.Admin;
using Billing.Api.SignIn;

namespace Billing.Functions.Http;

public sealed class AccountFunctions(BillingApi api)
{
    [Function("CreateAccount")]
    public Task<IResult> CreateAccountAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = CreateAccountEndpoint.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, CreateAccountEndpoint.Endpoint);

    [Function("ListAccounts")]
    public Task<IResult> ListAccountsAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ListAccounts.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, ListAccounts.Endpoint);

    [Function("GetAccount")]
    public Task<IResult> GetAccountAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = GetAccount.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, GetAccount.Endpoint);

    [Function("ChangeAccount")]
    public Task<IResult> ChangeAccountAsync([HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = ChangeAccount.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, ChangeAccount.Endpoint);

    [Function("CloseAccount")]
    public Task<IResult> CloseAccountAsync([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = CloseAccount.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, CloseAccount.Endpoint);

    [Function("ImportAccounts")]
    public Task<IResult> ImportAccountsAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Imports.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, Imports.Endpoint);

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
