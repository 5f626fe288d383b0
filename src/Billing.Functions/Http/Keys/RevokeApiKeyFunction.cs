using Billing.Api.Keys;

namespace Billing.Functions.Http.Keys;

/// <summary><c>DELETE /api-keys/{id}</c>.</summary>
public sealed class RevokeApiKeyFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("RevokeApiKey")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Routes.ApiKey)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, RevokeApiKey.Endpoint);
}
