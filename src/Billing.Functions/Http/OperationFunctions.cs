using Billing.Api.Admin;
using Billing.Api.Health;

namespace Billing.Functions.Http;

public sealed class OperationFunctions(BillingApi api)
{
    [Function("GetHealth")]
    public Task<IResult> GetHealthAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = GetHealth.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, GetHealth.Endpoint);

    [Function("RunRenewals")]
    public Task<IResult> RunRenewalsAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = RunRenewals.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, RunRenewals.Endpoint);

    [Function("RunOverageCharges")]
    public Task<IResult> RunOverageChargesAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = RunOverageCharges.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, RunOverageCharges.Endpoint);

    [Function("RunExpirations")]
    public Task<IResult> RunExpirationsAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = RunExpirations.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, RunExpirations.Endpoint);

    [Function("ListPoison")]
    public Task<IResult> ListPoisonAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ListPoison.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, ListPoison.Endpoint);

    [Function("DiscardPoison")]
    public Task<IResult> DiscardPoisonAsync([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = DiscardPoison.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, DiscardPoison.Endpoint);

    [Function("RetryPoison")]
    public Task<IResult> RetryPoisonAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = RetryPoison.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, RetryPoison.Endpoint);
}
