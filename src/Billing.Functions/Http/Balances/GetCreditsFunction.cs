using Billing.Api.Balances;

namespace Billing.Functions.Http.Balances;

/// <summary><c>GET /credits</c>.</summary>
public sealed class GetCreditsFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("GetCredits")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.Credits)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, GetCredits.Endpoint);
}
