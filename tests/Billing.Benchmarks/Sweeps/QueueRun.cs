using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Storage;

namespace Billing.Benchmarks.Sweeps;

/// <summary>Consumes a queue until it is empty, as the Host's pump does: as many messages at a time as there are free slots.</summary>
internal sealed class QueueRun(IConsumer consumer, QueueReceiver receiver, Action<string> consumed)
{
    private const int AtOnce = 16;
    private static readonly TimeSpan Visibility = TimeSpan.FromMinutes(5);
    private readonly SemaphoreSlim _slots = new(AtOnce);

    public async Task RunAsync()
    {
        var working = new List<Task>();
        while (await PumpAsync(working) || working.Exists(task => !task.IsCompleted))
        {
            working.RemoveAll(task => task.IsCompletedSuccessfully);
        }

        await Task.WhenAll(working);
    }

    /// <returns>False when nothing was there.</returns>
    private async Task<bool> PumpAsync(List<Task> working)
    {
        await _slots.WaitAsync();
        var taken = 1;
        while (taken < AtOnce && _slots.Wait(0))
        {
            taken++;
        }

        var deliveries = await receiver.ReceiveAsync(new ShardQueue(0, consumer.Queue), taken, Visibility, default);
        working.AddRange(deliveries.Select(HandleAsync));
        if (taken > deliveries.Length)
        {
            _slots.Release(taken - deliveries.Length);
        }

        if (deliveries.IsEmpty)
        {
            // The pump would wait for a message or a while; here nothing more will come.
            await Task.WhenAll(working);
        }

        return !deliveries.IsEmpty;
    }

    private async Task HandleAsync(ReceivedMessage message)
    {
        try
        {
            var consumption = await consumer.ConsumeAsync(message.Body, default);
            if (consumption.Kind != ConsumptionKind.Done)
            {
                throw new InvalidOperationException($"{consumption.Kind}: {consumption.Reason}");
            }

            await receiver.DeleteAsync(new ShardQueue(0, consumer.Queue), message, default);
            consumed(message.Body);
        }
        finally
        {
            _slots.Release();
        }
    }
}
