namespace Billing.Functions.QueueTriggers;

/// <summary>Keeps what the Functions host gave up of <see cref="Queues.Webhooks"/>.</summary>
public sealed class WebhooksPoison(QueueFeed feed)
{
    /// <summary>Brings one message to where an operator finds it.</summary>
    [Function("WebhooksPoison")]
    public Task Run([QueueTrigger(Queues.Webhooks + QueueFeed.HostPoisonSuffix)] string message, FunctionContext context) => feed.GiveUpAsync(Queues.Webhooks, message, context);
}
