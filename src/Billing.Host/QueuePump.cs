using Billing.Api.Jobs;
using Billing.Jobs;
using Billing.Storage;

namespace Billing.Host;

/// <summary>Feeds the consumer of one queue: several messages at once, each kept hidden while it is worked on, given up after five tries.</summary>
internal sealed partial class QueuePump(string queue, MessageDesk desk, QueueReceiver receiver, Wakes wakes, ILogger<QueuePump> logger) : BackgroundService
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

    private async Task HandleAsync(Delivery delivery)
    {
        try
        {
            await using var lease = new Lease(receiver, queue, delivery, Visibility, ExtendEvery);
            await SettleAsync(lease);
        }
        catch (StorageUnavailableException exception)
        {
            // The message shows itself again when its visibility is over.
            Log.QueueUnreachable(logger, exception, queue);
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
            if (await desk.ConsumeAsync(queue, delivery) is { Kind: ConsumptionKind.Parked, Reason: { } reason })
            {
                await GiveUpAsync(lease, reason, null);
            }
            else
            {
                await receiver.DeleteAsync(queue, await lease.EndAsync(), CancellationToken.None);
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
        var tries = lease.Delivery.DequeueCount;
        if (tries >= MostTries)
        {
            await GiveUpAsync(lease, $"{exception.GetType().Name}: {exception.Message}", exception);
            return;
        }

        Log.MessageFailed(logger, exception, queue, lease.Delivery.Id, tries);
        await receiver.ExtendAsync(queue, await lease.EndAsync(), TimeSpan.FromSeconds(tries * tries), CancellationToken.None);
    }

    private async Task GiveUpAsync(Lease lease, string reason, Exception? exception)
    {
        await receiver.PoisonAsync(queue, await lease.EndAsync(), reason, CancellationToken.None);
        desk.GaveUp(queue, lease.Delivery, reason, exception);
    }

    private static partial class Log
    {
        [LoggerMessage(100, LogLevel.Warning, "{Queue} could not be reached")]
        public static partial void QueueUnreachable(ILogger logger, Exception exception, string queue);

        [LoggerMessage(103, LogLevel.Warning, "{Queue}: message {MessageId} failed, try {Try}")]
        public static partial void MessageFailed(ILogger logger, Exception exception, string queue, string messageId, long @try);
    }
}
