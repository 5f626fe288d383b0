namespace Billing.Functions.QueueTriggers;

/// <summary>Keeps what the Functions host gave up of <see cref="Queues.Renewals"/>.</summary>
public sealed class RenewalsPoison(QueueFeed feed)
{
    /// <summary>Brings one message to where an operator finds it.</summary>
    [Function("RenewalsPoison")]
    public Task Run([QueueTrigger(Queues.Renewals + QueueFeed.HostPoisonSuffix)] string message, FunctionContext context) => feed.GiveUpAsync(Queues.Renewals, message, context);
}
