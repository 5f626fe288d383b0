namespace Billing.Functions.QueueTriggers;

/// <summary>Keeps what the Functions host gave up of <see cref="Queues.OverageCharges"/>.</summary>
public sealed class OverageChargesPoison(QueueFeed feed)
{
    /// <summary>Brings one message to where an operator finds it.</summary>
    [Function("OverageChargesPoison")]
    public Task Run([QueueTrigger(Queues.OverageCharges + QueueFeed.HostPoisonSuffix)] string message, FunctionContext context) => feed.GiveUpAsync(Queues.OverageCharges, message, context);
}
