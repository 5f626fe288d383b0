using Billing.Jobs;
using Billing.Storage;

namespace Billing.Host;

/// <summary>Feeds one consumer from its queue: several messages at once, each kept hidden while it is worked on, given up after five tries.</summary>
internal sealed partial class QueuePump(IConsumer consumer, QueueReceiver receiver, Wakes wakes, ILogger<QueuePump> logger) : BackgroundService
{
    private const int AtOnce = 16;
    private const int MostTries = 5;
    private static readonly TimeSpan Visibility = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ExtendEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ShortestIdle = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestIdle = TimeSpan.FromSeconds(2);
    private readonly SemaphoreSlim _slots = new(AtOnce);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var idle = ShortestIdle;
        while (!stoppingToken.IsCancellationRequested)
        {
            var received = await PumpAsync(stoppingToken);
            idle = received ? ShortestIdle : TimeSpan.FromTicks(Math.Min(idle.Ticks * 2, LongestIdle.Ticks));
            if (!received && await wakes.WaitAsync(consumer.Queue, idle, stoppingToken))
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

            var deliveries = await receiver.ReceiveAsync(consumer.Queue, taken, Visibility, stopping);
            foreach (var delivery in deliveries)
            {
                taken--;
                _ = HandleAsync(delivery);
            }

            return deliveries.Length > 0;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        catch (StorageUnavailableException exception)
        {
            Log.Unreachable(logger, exception, consumer.Queue);
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

    private async Task HandleAsync(Delivery delivery)
    {
        try
        {
            await using var lease = new Lease(receiver, consumer.Queue, delivery, Visibility, ExtendEvery);
            await SettleAsync(lease);
        }
        catch (StorageUnavailableException exception)
        {
            // The message shows itself again when its visibility is over.
            Log.Unreachable(logger, exception, consumer.Queue);
        }
        finally
        {
            _slots.Release();
        }
    }

    private async Task SettleAsync(Lease lease)
    {
        var delivery = lease.Delivery;
        try
        {
            var consumption = delivery.IsText
                ? await consumer.ConsumeAsync(delivery.Body, CancellationToken.None)
                : Consumption.Parked("it is not text");
            switch (consumption.Kind)
            {
                case ConsumptionKind.Parked:
                    Log.Parked(logger, consumer.Queue, delivery.Id, consumption.Reason);
                    await receiver.PoisonAsync(consumer.Queue, await lease.EndAsync(), consumption.Reason!, CancellationToken.None);
                    break;
                case ConsumptionKind.Dropped:
                    Log.Dropped(logger, consumer.Queue, delivery.Id, consumption.Reason);
                    await receiver.DeleteAsync(consumer.Queue, await lease.EndAsync(), CancellationToken.None);
                    break;
                default:
                    await receiver.DeleteAsync(consumer.Queue, await lease.EndAsync(), CancellationToken.None);
                    break;
            }
        }
#pragma warning disable CA1031 // whatever it is, the message is tried again, and given up with its reason in the end
        catch (Exception exception)
#pragma warning restore CA1031
        {
            await FailAsync(lease, exception);
        }
    }

    private async Task FailAsync(Lease lease, Exception exception)
    {
        Log.Failed(logger, exception, consumer.Queue, lease.Delivery.Id, lease.Delivery.DequeueCount);
        var delivery = await lease.EndAsync();
        if (delivery.DequeueCount >= MostTries)
        {
            await receiver.PoisonAsync(consumer.Queue, delivery, $"{exception.GetType().Name}: {exception.Message}", CancellationToken.None);
        }
        else
        {
            await receiver.ExtendAsync(consumer.Queue, delivery, TimeSpan.FromSeconds(delivery.DequeueCount * delivery.DequeueCount), CancellationToken.None);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(100, LogLevel.Warning, "{Queue} could not be reached")]
        public static partial void Unreachable(ILogger logger, Exception exception, string queue);

        [LoggerMessage(101, LogLevel.Error, "{Queue}: message {MessageId} is poison: {Reason}")]
        public static partial void Parked(ILogger logger, string queue, string messageId, string? reason);

        [LoggerMessage(102, LogLevel.Information, "{Queue}: message {MessageId} was dropped: {Reason}")]
        public static partial void Dropped(ILogger logger, string queue, string messageId, string? reason);

        [LoggerMessage(103, LogLevel.Warning, "{Queue}: message {MessageId} failed, try {Try}")]
        public static partial void Failed(ILogger logger, Exception exception, string queue, string messageId, long @try);
    }
}
