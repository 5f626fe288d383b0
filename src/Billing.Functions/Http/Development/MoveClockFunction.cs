using Billing.Api.Development;

namespace Billing.Functions.Http.Development;

/// <summary><c>PUT /dev/clock</c>; without the setting that stops the clock there is nothing here.</summary>
public sealed class MoveClockFunction(BillingApi api, TimeProvider clock)
{
    /// <summary>Answers it.</summary>
    [Function("MoveClock")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = Routes.DevClock)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, clock is DevClock ? MoveClock.Endpoint : NoEndpoint.Endpoint);
}
