namespace Billing.Engine.Due;

/// <summary>Consumes the messages of one queue. However often a message is delivered, in whatever order, on however many instances, its effect is one.</summary>
public interface IConsumer
{
    /// <summary>The queue, one of <see cref="Queues"/>.</summary>
    string Queue { get; }

    /// <summary>Does what the message asks. An exception means: deliver it again.</summary>
    Task<Consumption> ConsumeAsync(string message, CancellationToken cancellation);
}

/// <summary>What became of a message.</summary>
/// <param name="Reason">Why, when it was not simply done.</param>
public sealed record Consumption(ConsumptionKind Kind, string? Reason = null)
{
    /// <summary>It is done, now or before.</summary>
    public static readonly Consumption Done = new(ConsumptionKind.Done);

    /// <summary>It points to nothing: the commit it was sent for never was.</summary>
    public static Consumption Dropped(string reason) => new(ConsumptionKind.Dropped, reason);

    /// <summary>An operator has to look at it, and trying again will not help: it is not a message of ours, or it found something wrong.</summary>
    public static Consumption Parked(string reason) => new(ConsumptionKind.Parked, reason);
}

public enum ConsumptionKind
{
    Done,

    Dropped,

    Parked,
}
