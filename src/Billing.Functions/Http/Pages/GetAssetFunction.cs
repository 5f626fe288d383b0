using Billing.Api.Pages;

namespace Billing.Functions.Http.Pages;

/// <summary><c>GET /assets/{file}</c>.</summary>
public sealed class GetAssetFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("GetAsset")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.Asset)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, StaticPages.Asset);
}
