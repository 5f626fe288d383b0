using System.Collections.Concurrent;
using Billing.Engine.Ports;
using Billing.InMemory;

namespace Billing.Client.Testing.InProcess;

/// <summary>The queues in memory. Nobody waits for a message to be revealed; here somebody can, so that what follows a request does not hang on a race.</summary>
internal sealed class PromptQueue(InMemoryMessageQueue messages) : IMessageQueue
{
    private readonly ConcurrentDictionary<Task, bool> _revealing = new();

    public Task<QueuedMessage> SendAsync(ShardQueue queue, string message, TimeSpan delay, CancellationToken cancellation) => messages.SendAsync(queue, message, delay, cancellation);

    public Task RevealAsync(QueuedMessage message, CancellationToken cancellation)
    {
        var revealing = messages.RevealAsync(message, cancellation);
        _revealing.TryAdd(revealing, true);
        return ForgetAsync(revealing);
    }

    /// <summary>Until all that were to be revealed by now are.</summary>
    public Task RevealedAsync() => Task.WhenAll(_revealing.Keys);

    private async Task ForgetAsync(Task revealing)
    {
        await revealing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _revealing.TryRemove(revealing, out _);
    }
}
