using Billing.Api.Generations;

namespace Billing.Functions.Http.Generations;

/// <summary><c>POST /generations/check</c>.</summary>
public sealed class CheckGenerationFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("CheckGeneration")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.Check)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, CheckGeneration.Endpoint);
}
