namespace Billing.Engine.Ports;

/// <summary>The queue port: a message that says "look at this row". The row is the truth; a lost, doubled, late or reordered message changes nothing.</summary>
public interface IMessageQueue
{
    /// <summary>Enqueues <paramref name="message"/>, hidden for <paramref name="delay"/>. Messages never expire.</summary>
    Task<QueuedMessage> SendAsync(ShardQueue queue, string message, TimeSpan delay, CancellationToken cancellation);

    /// <summary>Makes a hidden message visible now. A failure is harmless: it shows itself when its delay is over.</summary>
    Task RevealAsync(QueuedMessage message, CancellationToken cancellation);
}

/// <param name="Receipt">What lets its sender make it visible.</param>
public sealed record QueuedMessage(ShardQueue Queue, string Message, string MessageId, string Receipt);

/// <summary>A queue of one shard: a workspace's messages lie where its rows do, so that a shard that is away keeps nobody else waiting.</summary>
/// <param name="Name">One of <see cref="Due.Queues"/>.</param>
public readonly record struct ShardQueue(int Shard, string Name)
{
    /// <summary>The queue of that name beside a workspace.</summary>
    public static ShardQueue Of(string workspaceId, string name) => new(ShardMap.ShardOf(workspaceId), name);

    /// <summary>As logs tell it: the name alone where there is but one shard.</summary>
    public override string ToString() => Shard == 0 ? Name : $"{Name} of shard {Shard}";
}
