using Billing.Api.Generations;

namespace Billing.Functions.Http.Generations;

/// <summary><c>POST /generations/{id}/heartbeat</c>.</summary>
public sealed class HeartbeatGenerationFunction(BillingApi api)
{
    /// <summary>Answers it.</summary>
    [Function("HeartbeatGeneration")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.Heartbeat)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, HeartbeatGeneration.Endpoint);
}
