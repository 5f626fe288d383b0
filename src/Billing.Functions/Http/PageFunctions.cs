using Billing.Api.OpenApi;
using Billing.Api.Pages;

namespace Billing.Functions.Http;

public sealed class PageFunctions(BillingApi api)
{
    // The Functions host shows a homepage of its own there unless AzureWebJobsDisableHomepage says that it does not.
    [Function("GetLandingPage")]
    public Task<IResult> GetLandingPageAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = StaticPages.LandingTrigger)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, StaticPages.Landing);

    [Function("GetPricingPage")]
    public Task<IResult> GetPricingPageAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = StaticPages.PricingRoute)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, StaticPages.Pricing);

    [Function("GetDashboard")]
    public Task<IResult> GetDashboardAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = StaticPages.DashboardRoute)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, StaticPages.Dashboard);

    [Function("GetOperatorPage")]
    public Task<IResult> GetOperatorPageAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = StaticPages.OperatorRoute)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, StaticPages.Operator);

    [Function("GetReference")]
    public Task<IResult> GetReferenceAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = StaticPages.ReferenceRoute)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, StaticPages.Reference);

    [Function("GetAsset")]
    public Task<IResult> GetAssetAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = StaticPages.AssetRoute)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, StaticPages.Asset);

    [Function("GetOpenApi")]
    public Task<IResult> GetOpenApiAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = GetOpenApi.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, GetOpenApi.Endpoint);
}
