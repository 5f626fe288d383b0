namespace Billing.Functions.QueueTriggers;

/// <summary>Invoices the overage of a month that is over.</summary>
public sealed class OverageChargesQueue(QueueFeed feed)
{
    /// <summary>Consumes one message.</summary>
    [Function("OverageChargesQueue")]
    public Task Run([QueueTrigger(Queues.OverageCharges)] string message, FunctionContext context) => feed.ConsumeAsync(Queues.OverageCharges, message, context);
}
