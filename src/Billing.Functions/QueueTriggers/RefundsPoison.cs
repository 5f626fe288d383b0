namespace Billing.Functions.QueueTriggers;

/// <summary>Keeps what the Functions host gave up of <see cref="Queues.Refunds"/>.</summary>
public sealed class RefundsPoison(QueueFeed feed)
{
    /// <summary>Brings one message to where an operator finds it.</summary>
    [Function("RefundsPoison")]
    public Task Run([QueueTrigger(Queues.Refunds + QueueFeed.HostPoisonSuffix)] string message, FunctionContext context) => feed.GiveUpAsync(Queues.Refunds, message, context);
}
