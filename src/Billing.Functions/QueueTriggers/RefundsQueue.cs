namespace Billing.Functions.QueueTriggers;

/// <summary>Carries out approved refunds.</summary>
public sealed class RefundsQueue(QueueFeed feed)
{
    /// <summary>Consumes one message.</summary>
    [Function("RefundsQueue")]
    public Task Run([QueueTrigger(Queues.Refunds)] string message, FunctionContext context) => feed.ConsumeAsync(Queues.Refunds, message, context);
}
