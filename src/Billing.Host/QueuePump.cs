using Billing.Api.Health;
using Billing.Api.Jobs;
using Billing.Engine.Ports;
using Billing.Storage;

namespace Billing.Host;

/// <summary>Feeds the consumer of one queue: several messages at once, each kept hidden while it is worked on.</summary>
internal sealed partial class QueuePump(ShardQueue queue, MessageDispatcher dispatcher, QueueReceiver receiver, WakeSignals wakes, StorageSetup storage, ILogger<QueuePump> logger) : BackgroundService
{
    private const int AtOnce = 16;
    private static readonly TimeSpan Visibility = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ExtendEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ShortestIdle = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestIdle = TimeSpan.FromSeconds(2);
    private readonly SemaphoreSlim _slots = new(AtOnce);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await storage.WaitAsync(queue.Shard, stoppingToken);
        var idle = ShortestIdle;
        while (!stoppingToken.IsCancellationRequested)
        {
            var received = await PumpAsync(stoppingToken);
            idle = received ? ShortestIdle : TimeSpan.FromTicks(Math.Min(idle.Ticks * 2, LongestIdle.Ticks));
            if (!received && await wakes.WaitAsync(queue, idle, stoppingToken))
            {
                idle = ShortestIdle;
            }
        }

        // A graceful stop lets what has begun come to its end.
        for (var slot = 0; slot < AtOnce; slot++)
        {
            await _slots.WaitAsync(CancellationToken.None);
        }
    }

    public override void Dispose()
    {
        _slots.Dispose();
        base.Dispose();
    }

    /// <returns>False when the queue was empty or could not be read.</returns>
    private async Task<bool> PumpAsync(CancellationToken stopping)
    {
        var taken = 0;
        try
        {
            await _slots.WaitAsync(stopping);
            taken = 1;
            while (taken < AtOnce && _slots.Wait(0, CancellationToken.None))
            {
                taken++;
            }

            var deliveries = await receiver.ReceiveAsync(queue, taken, Visibility, stopping);
            foreach (var message in deliveries)
            {
                taken--;
                _ = HandleAsync(message);
            }

            return deliveries.Length > 0;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
#pragma warning disable CA1031 // a pump that ends takes the process with it; the next round tries again
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.QueueUnreachable(logger, exception, queue);
            return false;
        }
        finally
        {
            if (taken > 0)
            {
                _slots.Release(taken);
            }
        }
    }

    private async Task HandleAsync(ReceivedMessage message)
    {
        try
        {
            await using var lease = new Lease(receiver, queue, message, Visibility, ExtendEvery);
            var next = await dispatcher.HandleAsync(queue, message);
            await SettleAsync(await lease.EndAsync(), next);
        }
#pragma warning disable CA1031 // nobody waits for this one: it must be told here
        catch (Exception exception)
#pragma warning restore CA1031
        {
            // The message shows itself again when its visibility is over.
            Log.QueueUnreachable(logger, exception, queue);
        }
        finally
        {
            _slots.Release();
        }
    }

    private Task SettleAsync(ReceivedMessage message, Disposition next) => next switch
    {
        Disposition.Park park => ParkAsync(message, park),
        Disposition.Again again => receiver.ExtendAsync(queue, message with { Attempts = again.Attempts with { Ended = message.DequeueCount } }, again.Pause, CancellationToken.None),
        _ => receiver.DeleteAsync(queue, message, CancellationToken.None),
    };

    private async Task ParkAsync(ReceivedMessage message, Disposition.Park park)
    {
        await receiver.PoisonAsync(queue, message, park.Reason, CancellationToken.None);
        dispatcher.GaveUp(queue, message, park.Reason, park.Exception);
    }

    private static partial class Log
    {
        [LoggerMessage(100, LogLevel.Warning, "{Queue} could not be reached")]
        public static partial void QueueUnreachable(ILogger logger, Exception exception, ShardQueue queue);
    }
}
