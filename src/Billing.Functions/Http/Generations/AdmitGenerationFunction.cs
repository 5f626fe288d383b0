using Billing.Api.Generations;

namespace Billing.Functions.Http.Generations;

/// <summary><c>POST /generations</c>.</summary>
public sealed class AdmitGenerationFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("AdmitGeneration")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.Generations)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, AdmitGeneration.Endpoint);
}
