using Billing.Api.Generations;

namespace Billing.Functions.Http;

public sealed class GenerationFunctions(BillingApi api)
{
    [Function("QuoteGeneration")]
    public Task<IResult> QuoteGenerationAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = QuoteGeneration.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, QuoteGeneration.Endpoint);

    [Function("CheckGeneration")]
    public Task<IResult> CheckGenerationAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = CheckGeneration.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, CheckGeneration.Endpoint);

    [Function("AdmitGeneration")]
    public Task<IResult> AdmitGenerationAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = AdmitGeneration.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, AdmitGeneration.Endpoint);

    [Function("AdmitBatch")]
    public Task<IResult> AdmitBatchAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = AdmitBatch.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, AdmitBatch.Endpoint);

    [Function("SettleGenerations")]
    public Task<IResult> SettleGenerationsAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = SettleGenerations.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, SettleGenerations.Endpoint);

    [Function("ListGenerations")]
    public Task<IResult> ListGenerationsAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ListGenerations.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, ListGenerations.Endpoint);

    [Function("ListWorkspaceGenerations")]
    public Task<IResult> ListWorkspaceGenerationsAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ListWorkspaceGenerations.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, ListWorkspaceGenerations.Endpoint);

    [Function("GetGeneration")]
    public Task<IResult> GetGenerationAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = GetGeneration.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, GetGeneration.Endpoint);

    [Function("CompleteGeneration")]
    public Task<IResult> CompleteGenerationAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = CompleteGeneration.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, CompleteGeneration.Endpoint);

    [Function("FailGeneration")]
    public Task<IResult> FailGenerationAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = FailGeneration.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, FailGeneration.Endpoint);

    [Function("HeartbeatGeneration")]
    public Task<IResult> HeartbeatGenerationAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = HeartbeatGeneration.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, HeartbeatGeneration.Endpoint);
}
