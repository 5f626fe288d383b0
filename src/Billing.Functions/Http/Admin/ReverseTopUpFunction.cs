using Billing.Api.Admin;

namespace Billing.Functions.Http.Admin;

/// <summary><c>POST /admin/workspaces/{id}/top-ups/{topUpId}/reverse</c>.</summary>
public sealed class ReverseTopUpFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("ReverseTopUp")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.AdminReversal)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, ReverseTopUpEndpoint.Endpoint);
}
