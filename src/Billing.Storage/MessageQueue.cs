using Azure.Storage.Queues;
using Billing.Engine.Due;
using Billing.Engine.Ports;

namespace Billing.Storage;

/// <summary>The queue port over Azure Queue Storage.</summary>
public sealed class MessageQueue(StorageClients clients) : IMessageQueue
{
    private static readonly TimeSpan Never = TimeSpan.FromSeconds(-1);

    /// <summary>Makes the queues that a shard lacks, and a poison queue for each.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="moreSuffixes">Ends of the names of more queues that belong to each.</param>
    public Task EnsureCreatedAsync(int shard, CancellationToken cancellation, params string[] moreSuffixes) => QueueCalls.CallAsync(
        () => Task.WhenAll(Queues.All
            .SelectMany(queue => moreSuffixes.Prepend(Queues.PoisonSuffix).Prepend("").Select(suffix => queue + suffix))
            .Select(queue => clients.QueueOf(new ShardQueue(shard, queue)).CreateIfNotExistsAsync(cancellationToken: cancellation))),
        cancellation);

    public async Task<QueuedMessage> SendAsync(ShardQueue queue, string message, TimeSpan delay, CancellationToken cancellation)
    {
        var client = Known(queue);
        var text = QueueText.Encode(message);
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(delay, TimeSpan.FromDays(7));
        var sent = await QueueCalls.CallAsync(
            () => client.SendMessageAsync(text, visibilityTimeout: delay, timeToLive: Never, cancellation), cancellation).ConfigureAwait(false);
        return new QueuedMessage(queue, message, sent.Value.MessageId, sent.Value.PopReceipt);
    }

    public async Task RevealAsync(QueuedMessage message, CancellationToken cancellation)
    {
        var client = Known(message.Queue);
        var text = QueueText.Encode(message.Message);
        // Gone already: its delay was over, and whoever answered it was faster.
        _ = await QueueCalls.UnlessGoneAsync(
            () => client.UpdateMessageAsync(message.MessageId, message.Receipt, text, TimeSpan.Zero, cancellation), cancellation).ConfigureAwait(false);
    }

    private QueueClient Known(ShardQueue queue) => Queues.All.Contains(queue.Name)
        ? clients.QueueOf(queue)
        : throw new ArgumentException($"'{queue.Name}' is none of the queues.", nameof(queue));
}
