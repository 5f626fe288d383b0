using Billing.Api.Admin;

namespace Billing.Functions.Http.Admin;

/// <summary><c>GET /admin/poison</c>.</summary>
public sealed class ListPoisonFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("ListPoison")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.AdminPoison)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, ListPoison.Endpoint);
}
