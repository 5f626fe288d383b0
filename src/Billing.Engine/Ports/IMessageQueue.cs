namespace Billing.Engine.Ports;

/// <summary>The queue port: a message that says "look at this row". The row is the truth; a lost, doubled, late or reordered message changes nothing.</summary>
public interface IMessageQueue
{
    /// <summary>Enqueues <paramref name="message"/>, hidden for <paramref name="delay"/>. Messages never expire.</summary>
    Task<QueuedMessage> SendAsync(string queue, string message, TimeSpan delay, CancellationToken cancellation);

    /// <summary>Makes a hidden message visible now. A failure is harmless: it shows itself when its delay is over.</summary>
    Task RevealAsync(QueuedMessage message, CancellationToken cancellation);
}

/// <param name="Receipt">What lets its sender make it visible.</param>
public sealed record QueuedMessage(string Queue, string Message, string MessageId, string Receipt);
