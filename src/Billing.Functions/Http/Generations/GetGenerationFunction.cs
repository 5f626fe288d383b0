using Billing.Api.Generations;

namespace Billing.Functions.Http.Generations;

/// <summary><c>GET /generations/{id}</c>.</summary>
public sealed class GetGenerationFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("GetGeneration")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.Generation)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, GetGeneration.Endpoint);
}
