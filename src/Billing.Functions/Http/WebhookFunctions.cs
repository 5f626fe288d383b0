using Billing.Api.Admin;
using Billing.Api.Webhooks;

namespace Billing.Functions.Http;

public sealed class WebhookFunctions(BillingApi api)
{
    [Function("CreateWebhook")]
    public Task<IResult> CreateWebhookAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = CreateWebhook.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, CreateWebhook.Endpoint);

    [Function("ListWebhooks")]
    public Task<IResult> ListWebhooksAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ListWebhooks.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, ListWebhooks.Endpoint);

    [Function("DeleteWebhook")]
    public Task<IResult> DeleteWebhookAsync([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = DeleteWebhook.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, DeleteWebhook.Endpoint);

    [Function("TestWebhook")]
    public Task<IResult> TestWebhookAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = TestWebhook.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, TestWebhook.Endpoint);

    [Function("RotateWebhook")]
    public Task<IResult> RotateWebhookAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = RotateWebhook.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, RotateWebhook.Endpoint);

    [Function("ListDeliveries")]
    public Task<IResult> ListDeliveriesAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ListDeliveries.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, ListDeliveries.Endpoint);

    [Function("RecoverWebhook")]
    public Task<IResult> RecoverWebhookAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = RecoverWebhook.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, RecoverWebhook.Endpoint);

    [Function("ListEvents")]
    public Task<IResult> ListEventsAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ListEvents.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, ListEvents.Endpoint);

    [Function("CreateSellerWebhook")]
    public Task<IResult> CreateSellerWebhookAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = CreateSellerWebhook.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, CreateSellerWebhook.Endpoint);

    [Function("ListSellerWebhooks")]
    public Task<IResult> ListSellerWebhooksAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ListSellerWebhooks.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, ListSellerWebhooks.Endpoint);

    [Function("DeleteSellerWebhook")]
    public Task<IResult> DeleteSellerWebhookAsync([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = DeleteSellerWebhook.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, DeleteSellerWebhook.Endpoint);

    [Function("ReplayDelivery")]
    public Task<IResult> ReplayDeliveryAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = ReplayDelivery.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, ReplayDelivery.Endpoint);
}
