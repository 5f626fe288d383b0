using Billing.Engine.Ports;
using Billing.Storage;

namespace Billing.Host;

/// <summary>Keeps a message hidden from other consumers for as long as it is worked on.</summary>
internal sealed class Lease : IAsyncDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly Task<ReceivedMessage> _extending;

    public Lease(QueueReceiver receiver, ShardQueue queue, ReceivedMessage message, TimeSpan visibility, TimeSpan every) =>
        _extending = ExtendAsync(receiver, queue, message, visibility, every, _ended.Token);

    /// <summary>Ends the extending.</summary>
    /// <returns>The message with its latest receipt.</returns>
    public async Task<ReceivedMessage> EndAsync()
    {
        await _ended.CancelAsync();
        return await _extending;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _ended.Dispose();
    }

    private static async Task<ReceivedMessage> ExtendAsync(
        QueueReceiver receiver, ShardQueue queue, ReceivedMessage message, TimeSpan visibility, TimeSpan every, CancellationToken ended)
    {
        using var timer = new PeriodicTimer(every);
        try
        {
            while (await timer.WaitForNextTickAsync(ended))
            {
                message = await receiver.ExtendAsync(queue, message, visibility, CancellationToken.None) ?? message;
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

        return message;
    }
}
