using Billing.Api.Generations;

namespace Billing.Functions.Http.Generations;

/// <summary><c>POST /generations/batch</c>.</summary>
public sealed class AdmitBatchFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("AdmitBatch")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.Batch)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, AdmitBatch.Endpoint);
}
