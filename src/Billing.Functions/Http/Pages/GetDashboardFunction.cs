using Billing.Api.Pages;

namespace Billing.Functions.Http.Pages;

/// <summary><c>GET /dashboard</c>.</summary>
public sealed class GetDashboardFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("GetDashboard")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.Dashboard)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, StaticPages.Dashboard);
}
