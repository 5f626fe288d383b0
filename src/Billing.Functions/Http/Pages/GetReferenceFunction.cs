using Billing.Api.Pages;

namespace Billing.Functions.Http.Pages;

/// <summary><c>GET /reference</c>.</summary>
public sealed class GetReferenceFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("GetReference")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.Reference)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, StaticPages.Reference);
}
