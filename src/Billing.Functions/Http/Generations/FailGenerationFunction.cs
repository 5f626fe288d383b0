using Billing.Api.Generations;

namespace Billing.Functions.Http.Generations;

/// <summary><c>POST /generations/{id}/fail</c>.</summary>
public sealed class FailGenerationFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("FailGeneration")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.Fail)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, FailGeneration.Endpoint);
}
