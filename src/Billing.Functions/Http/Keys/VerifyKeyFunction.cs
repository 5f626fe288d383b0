using Billing.Api.Keys;

namespace Billing.Functions.Http.Keys;

/// <summary><c>POST /keys/verify</c>.</summary>
public sealed class VerifyKeyFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("VerifyKey")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.VerifyKey)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, VerifyKey.Endpoint);
}
