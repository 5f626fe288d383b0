using Billing.Api.Plans;

namespace Billing.Functions.Http.Plans;

/// <summary><c>GET /plans?product=</c>.</summary>
public sealed class GetPlansFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("GetPlans")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.Plans)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, GetPlans.Endpoint);
}
