using Billing.Api.Admin;

namespace Billing.Functions.Http.Admin;

/// <summary><c>POST /admin/jobs/renewals</c>.</summary>
public sealed class RunRenewalsFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("RunRenewals")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.AdminRenewals)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, RunRenewals.Endpoint);
}
