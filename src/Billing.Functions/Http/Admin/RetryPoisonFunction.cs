using Billing.Api.Admin;

namespace Billing.Functions.Http.Admin;

/// <summary><c>POST /admin/poison/{id}/retry</c>.</summary>
public sealed class RetryPoisonFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("RetryPoison")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.AdminPoisonRetry)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, RetryPoison.Endpoint);
}
