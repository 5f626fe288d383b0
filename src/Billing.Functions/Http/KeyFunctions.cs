using Billing.Api.Admin;
using Billing.Api.Keys;

namespace Billing.Functions.Http;

public sealed class KeyFunctions(BillingApi api)
{
    [Function("CreateApiKey")]
    public Task<IResult> CreateApiKeyAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = CreateApiKey.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, CreateApiKey.Endpoint);

    [Function("ListApiKeys")]
    public Task<IResult> ListApiKeysAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ListApiKeys.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, ListApiKeys.Endpoint);

    [Function("RevokeApiKey")]
    public Task<IResult> RevokeApiKeyAsync([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = RevokeApiKey.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, RevokeApiKey.Endpoint);

    [Function("RotateApiKey")]
    public Task<IResult> RotateApiKeyAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = RotateApiKey.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, RotateApiKey.Endpoint);

    [Function("VerifyKey")]
    public Task<IResult> VerifyKeyAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = VerifyKey.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, VerifyKey.Endpoint);

    [Function("SetKeyLimit")]
    public Task<IResult> SetKeyLimitAsync([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = SetKeyLimit.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, SetKeyLimit.Endpoint);
}
