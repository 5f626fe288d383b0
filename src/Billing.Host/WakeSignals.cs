using System.Collections.Frozen;
using Billing.Engine.Due;
using Billing.Engine.Ports;

namespace Billing.Host;

/// <summary>Tells this process's pumps that a message may be waiting, so that an idle one need not be asked first.</summary>
internal sealed class WakeSignals(ShardMap shards) : IDisposable
{
    private readonly FrozenDictionary<ShardQueue, SemaphoreSlim> _wakes =
        shards.All.SelectMany(shard => Queues.All.Select(name => new ShardQueue(shard, name))).ToFrozenDictionary(queue => queue, _ => new SemaphoreSlim(0, 1));

    public void Wake(ShardQueue queue)
    {
        var wake = _wakes.GetValueOrDefault(queue) ?? _wakes[queue with { Shard = 0 }]; // the only shard has every queue
        lock (wake)
        {
            if (wake.CurrentCount == 0)
            {
                wake.Release();
            }
        }
    }

    /// <returns>True when woken, false when the time was over.</returns>
    public async Task<bool> WaitAsync(ShardQueue queue, TimeSpan most, CancellationToken cancellation)
    {
        try
        {
            return await _wakes[queue].WaitAsync(most, cancellation);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        foreach (var wake in _wakes.Values)
        {
            wake.Dispose();
        }
    }
}

/// <summary>A queue whose messages this process hears of at once.</summary>
internal sealed class WakingMessageQueue(IMessageQueue messages, WakeSignals wakes) : IMessageQueue
{
    public async Task<QueuedMessage> SendAsync(ShardQueue queue, string message, TimeSpan delay, CancellationToken cancellation)
    {
        var sent = await messages.SendAsync(queue, message, delay, cancellation);
        if (delay == TimeSpan.Zero)
        {
            wakes.Wake(queue);
        }

        return sent;
    }

    public async Task RevealAsync(QueuedMessage message, CancellationToken cancellation)
    {
        await messages.RevealAsync(message, cancellation);
        wakes.Wake(message.Queue);
    }
}
