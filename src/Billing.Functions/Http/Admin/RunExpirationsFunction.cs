using Billing.Api.Admin;

namespace Billing.Functions.Http.Admin;

/// <summary><c>POST /admin/jobs/expirations</c>.</summary>
public sealed class RunExpirationsFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("RunExpirations")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.AdminExpirations)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, RunExpirations.Endpoint);
}
