namespace Billing.Functions.QueueTriggers;

/// <summary>Keeps what the Functions host gave up of <see cref="Queues.Retention"/>.</summary>
public sealed class RetentionPoison(QueueFeed feed)
{
    /// <summary>Brings one message to where an operator finds it.</summary>
    [Function("RetentionPoison")]
    public Task Run([QueueTrigger(Queues.Retention + QueueFeed.HostPoisonSuffix)] string message, FunctionContext context) => feed.GiveUpAsync(Queues.Retention, message, context);
}
