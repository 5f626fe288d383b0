namespace Billing.Functions.QueueTriggers;

/// <summary>Deletes what has had its time.</summary>
public sealed class RetentionQueue(QueueFeed feed)
{
    /// <summary>Consumes one message.</summary>
    [Function("RetentionQueue")]
    public Task Run([QueueTrigger(Queues.Retention)] string message, FunctionContext context) => feed.ConsumeAsync(Queues.Retention, message, context);
}
