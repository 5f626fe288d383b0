using Billing.Api.Admin;

namespace Billing.Functions.Http.Admin;

/// <summary><c>PUT /admin/api-keys/{id}/rate-limit</c>.</summary>
public sealed class SetKeyLimitFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("SetKeyLimit")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = Routes.AdminKeyLimit)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, SetKeyLimit.Endpoint);
}
