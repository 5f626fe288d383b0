using Billing.Api.Balances;

namespace Billing.Functions.Http.Balances;

/// <summary><c>GET /credits/balance</c>.</summary>
public sealed class GetBalanceFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("GetBalance")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.Balance)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, GetBalance.Endpoint);
}
