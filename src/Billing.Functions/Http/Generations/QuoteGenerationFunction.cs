using Billing.Api.Generations;

namespace Billing.Functions.Http.Generations;

/// <summary><c>POST /generations/quote</c>.</summary>
public sealed class QuoteGenerationFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("QuoteGeneration")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.Quote)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, QuoteGeneration.Endpoint);
}
