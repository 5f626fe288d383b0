namespace Billing.Functions.QueueTriggers;

/// <summary>Keeps what the Functions host gave up of <see cref="Queues.Audits"/>.</summary>
public sealed class AuditsPoison(QueueFeed feed)
{
    /// <summary>Brings one message to where an operator finds it.</summary>
    [Function("AuditsPoison")]
    public Task Run([QueueTrigger(Queues.Audits + QueueFeed.HostPoisonSuffix)] string message, FunctionContext context) => feed.GiveUpAsync(Queues.Audits, message, context);
}
