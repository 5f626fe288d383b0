using Billing.Storage;

namespace Billing.Host;

/// <summary>Keeps a message hidden from other consumers for as long as it is worked on.</summary>
internal sealed class Lease : IAsyncDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly Task<Delivery> _extending;

    public Lease(QueueReceiver receiver, string queue, Delivery delivery, TimeSpan visibility, TimeSpan every)
    {
        Delivery = delivery;
        _extending = ExtendAsync(receiver, queue, delivery, visibility, every, _ended.Token);
    }

    /// <summary>The message as it was received.</summary>
    public Delivery Delivery { get; }

    /// <summary>Ends the extending.</summary>
    /// <returns>The message with its latest receipt.</returns>
    public async Task<Delivery> EndAsync()
    {
        await _ended.CancelAsync();
        return await _extending;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _ended.Dispose();
    }

    private static async Task<Delivery> ExtendAsync(
        QueueReceiver receiver, string queue, Delivery delivery, TimeSpan visibility, TimeSpan every, CancellationToken ended)
    {
        using var timer = new PeriodicTimer(every);
        try
        {
            while (await timer.WaitForNextTickAsync(ended))
            {
                delivery = await receiver.ExtendAsync(queue, delivery, visibility, CancellationToken.None) ?? delivery;
            }
        }
        catch (OperationCanceledException)
        {
            // It is done.
        }
        catch (StorageUnavailableException)
        {
            // The message shows itself to another consumer; each is idempotent.
        }

        return delivery;
    }
}
