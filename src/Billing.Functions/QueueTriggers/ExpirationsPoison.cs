namespace Billing.Functions.QueueTriggers;

/// <summary>Keeps what the Functions host gave up of <see cref="Queues.Expirations"/>.</summary>
public sealed class ExpirationsPoison(QueueFeed feed)
{
    /// <summary>Brings one message to where an operator finds it.</summary>
    [Function("ExpirationsPoison")]
    public Task Run([QueueTrigger(Queues.Expirations + QueueFeed.HostPoisonSuffix)] string message, FunctionContext context) => feed.GiveUpAsync(Queues.Expirations, message, context);
}
