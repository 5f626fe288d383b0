using Billing.Api.Keys;

namespace Billing.Functions.Http.Keys;

/// <summary><c>POST /api-keys</c>.</summary>
public sealed class CreateApiKeyFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("CreateApiKey")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.ApiKeys)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, CreateApiKey.Endpoint);
}
