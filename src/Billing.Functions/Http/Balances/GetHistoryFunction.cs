using Billing.Api.Balances;

namespace Billing.Functions.Http.Balances;

/// <summary><c>GET /credits/history</c>.</summary>
public sealed class GetHistoryFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("GetHistory")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.History)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, GetHistory.Endpoint);
}
