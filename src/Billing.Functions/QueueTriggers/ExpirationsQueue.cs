namespace Billing.Functions.QueueTriggers;

/// <summary>Ends generations that nobody settled in time.</summary>
public sealed class ExpirationsQueue(QueueFeed feed)
{
    /// <summary>Consumes one message.</summary>
    [Function("ExpirationsQueue")]
    public Task Run([QueueTrigger(Queues.Expirations)] string message, FunctionContext context) => feed.ConsumeAsync(Queues.Expirations, message, context);
}
