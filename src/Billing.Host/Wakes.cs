using System.Collections.Frozen;

namespace Billing.Host;

/// <summary>Tells this process's pumps that a message may be waiting, so that an idle one need not be asked first.</summary>
internal sealed class Wakes : IDisposable
{
    private readonly FrozenDictionary<string, SemaphoreSlim> _wakes = Queues.All.ToFrozenDictionary(queue => queue, _ => new SemaphoreSlim(0, 1));

    public void Wake(string queue)
    {
        var wake = _wakes[queue];
        lock (wake)
        {
            if (wake.CurrentCount == 0)
            {
                wake.Release();
            }
        }
    }

    /// <returns>True when woken, false when the time was over.</returns>
    public async Task<bool> WaitAsync(string queue, TimeSpan most, CancellationToken cancellation)
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

/// <summary>A doorbell that this process hears at once.</summary>
internal sealed class WakingDoorbell(IDoorbell doorbell, Wakes wakes) : IDoorbell
{
    public async Task<Ring> RingAsync(string queue, string message, TimeSpan delay, CancellationToken cancellation)
    {
        var ring = await doorbell.RingAsync(queue, message, delay, cancellation);
        if (delay == TimeSpan.Zero)
        {
            wakes.Wake(queue);
        }

        return ring;
    }

    public async Task RevealAsync(Ring ring, CancellationToken cancellation)
    {
        await doorbell.RevealAsync(ring, cancellation);
        wakes.Wake(ring.Queue);
    }
}
