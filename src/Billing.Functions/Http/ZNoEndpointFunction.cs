namespace Billing.Functions.Http;

/// <summary>
/// What answers where nothing is. The Functions host tries routes in the order of the functions' names, not the most specific first, so this name has to
/// be the last of all.
/// </summary>
public sealed class ZNoEndpointFunction(BillingApi api)
{
    /// <summary>Answers it, whatever the method.</summary>
    [Function("ZNoEndpoint")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = "{*path}")] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, NoEndpoint.Endpoint);
}
