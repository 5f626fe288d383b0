using Billing.Api.Health;

namespace Billing.Functions.Http.Health;

/// <summary><c>GET /health</c>.</summary>
public sealed class GetHealthFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("GetHealth")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.Health)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, GetHealth.Endpoint);
}
