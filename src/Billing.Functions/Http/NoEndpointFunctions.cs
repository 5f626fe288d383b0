namespace Billing.Functions.Http;

public sealed class NoEndpointFunctions(BillingApi api)
{
    // The Functions host tries routes in the order of the functions' names, not the most specific first: this name has to be the last of all.
    [Function("ZNoEndpoint")]
    public Task<IResult> NoEndpointAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "{*path}")] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, NoEndpoint.Endpoint);
}
