namespace Billing.Functions.QueueTriggers;

/// <summary>Replays ledgers against accounts.</summary>
public sealed class AuditsQueue(QueueFeed feed)
{
    /// <summary>Consumes one message.</summary>
    [Function("AuditsQueue")]
    public Task Run([QueueTrigger(Queues.Audits)] string message, FunctionContext context) => feed.ConsumeAsync(Queues.Audits, message, context);
}
