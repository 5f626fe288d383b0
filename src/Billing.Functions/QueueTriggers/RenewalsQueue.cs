namespace Billing.Functions.QueueTriggers;

/// <summary>Renews workspaces that are due.</summary>
public sealed class RenewalsQueue(QueueFeed feed)
{
    /// <summary>Consumes one message.</summary>
    [Function("RenewalsQueue")]
    public Task Run([QueueTrigger(Queues.Renewals)] string message, FunctionContext context) => feed.ConsumeAsync(Queues.Renewals, message, context);
}
