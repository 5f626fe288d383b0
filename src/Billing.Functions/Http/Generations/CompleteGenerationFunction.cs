using Billing.Api.Generations;

namespace Billing.Functions.Http.Generations;

/// <summary><c>POST /generations/{id}/complete</c>.</summary>
public sealed class CompleteGenerationFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("CompleteGeneration")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.Complete)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, CompleteGeneration.Endpoint);
}
