using Billing.Api.Keys;

namespace Billing.Functions.Http.Keys;

/// <summary><c>GET /api-keys</c>.</summary>
public sealed class ListApiKeysFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("ListApiKeys")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.ApiKeys)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, ListApiKeys.Endpoint);
}
