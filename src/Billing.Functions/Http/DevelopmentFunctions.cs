using Billing.Api.Development;

namespace Billing.Functions.Http;

/// <summary>Without the setting that stops the clock there is nothing here.</summary>
public sealed class DevelopmentFunctions(BillingApi api, TimeProvider clock)
{
    [Function("MoveClock")]
    public Task<IResult> MoveClockAsync([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = MoveClock.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, clock is DevClock ? MoveClock.Endpoint : NoEndpoint.Endpoint);
}
