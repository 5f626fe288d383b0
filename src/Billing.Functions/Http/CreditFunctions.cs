using Billing.Api.Admin;
using Billing.Api.Balances;

namespace Billing.Functions.Http;

public sealed class CreditFunctions(BillingApi api)
{
    [Function("GetCredits")]
    public Task<IResult> GetCreditsAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = GetCredits.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, GetCredits.Endpoint);

    [Function("GetBalance")]
    public Task<IResult> GetBalanceAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = GetBalance.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, GetBalance.Endpoint);

    [Function("GetHistory")]
    public Task<IResult> GetHistoryAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = GetHistory.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, GetHistory.Endpoint);

    [Function("CreateTopUp")]
    public Task<IResult> CreateTopUpAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = CreateTopUp.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, CreateTopUp.Endpoint);

    [Function("ReinstateTopUp")]
    public Task<IResult> ReinstateTopUpAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = ReinstateTopUpEndpoint.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, ReinstateTopUpEndpoint.Endpoint);

    [Function("ReverseTopUp")]
    public Task<IResult> ReverseTopUpAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = ReverseTopUpEndpoint.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, ReverseTopUpEndpoint.Endpoint);

    [Function("CreateAdjustment")]
    public Task<IResult> CreateAdjustmentAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = CreateAdjustment.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, CreateAdjustment.Endpoint);

    [Function("CreateGrant")]
    public Task<IResult> CreateGrantAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = CreateGrant.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, CreateGrant.Endpoint);
}
