using Billing.Api.Admin;

namespace Billing.Functions.Http.Admin;

/// <summary><c>POST /admin/sessions</c>.</summary>
public sealed class CreateSessionFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("CreateSession")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.AdminSessions)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, CreateSession.Endpoint);
}
