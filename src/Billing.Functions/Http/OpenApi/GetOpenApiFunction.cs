using Billing.Api.OpenApi;

namespace Billing.Functions.Http.OpenApi;

/// <summary><c>GET /openapi.json</c>.</summary>
public sealed class GetOpenApiFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("GetOpenApi")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.OpenApi)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, GetOpenApi.Endpoint);
}
