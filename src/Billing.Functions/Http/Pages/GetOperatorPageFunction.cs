using Billing.Api.Pages;

namespace Billing.Functions.Http.Pages;

/// <summary><c>GET /operator</c>.</summary>
public sealed class GetOperatorPageFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("GetOperatorPage")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.OperatorPage)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, StaticPages.Operator);
}
