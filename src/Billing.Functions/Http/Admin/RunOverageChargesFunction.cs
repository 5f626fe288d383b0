using Billing.Api.Admin;

namespace Billing.Functions.Http.Admin;

/// <summary><c>POST /admin/jobs/overage-charges</c>.</summary>
public sealed class RunOverageChargesFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("RunOverageCharges")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.AdminOverageCharges)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, RunOverageCharges.Endpoint);
}
