namespace Billing.Functions.QueueTriggers;

/// <summary>Delivers events to webhooks.</summary>
public sealed class WebhooksQueue(QueueFeed feed)
{
    /// <summary>Consumes one message.</summary>
    [Function("WebhooksQueue")]
    public Task Run([QueueTrigger(Queues.Webhooks)] string message, FunctionContext context) => feed.ConsumeAsync(Queues.Webhooks, message, context);
}
