using System.Collections.Immutable;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Billing.Engine.Due;
using Billing.Engine.Ports;

namespace Billing.Storage;

/// <summary>The consuming side of the queues. Every method throws <see cref="StorageUnavailableException"/> when storage cannot answer.</summary>
public sealed class QueueReceiver(StorageClients clients)
{
    public const int MaxBatch = 32;

    // A poison queue this long is not searched to its end: 3,200 messages.
    private const int MaxSearchBatches = 100;
    private static readonly TimeSpan Never = TimeSpan.FromSeconds(-1);
    private static readonly TimeSpan SearchVisibility = TimeSpan.FromMinutes(1);

    /// <summary>Takes up to <paramref name="max"/> (1–32) messages, which nobody else gets for <paramref name="visibility"/>.</summary>
    public async Task<ImmutableArray<ReceivedMessage>> ReceiveAsync(ShardQueue queue, int max, TimeSpan visibility, CancellationToken cancellation)
    {
        var messages = await TakeAsync(clients.QueueOf(queue), max, visibility, cancellation).ConfigureAwait(false);
        return [.. messages.Select(ToDelivery)];
    }

    /// <summary>A message that somebody else, such as the Functions host, took from a queue.</summary>
    /// <param name="id">The queue's name for it.</param>
    /// <param name="receipt">Proof of who holds it.</param>
    /// <param name="raw">Its text as it lay in the queue.</param>
    /// <param name="dequeueCount">How often it was given out, this time included.</param>
    /// <param name="insertedAt">When it was sent.</param>
    public static ReceivedMessage Open(string id, string receipt, string raw, long dequeueCount, DateTimeOffset insertedAt)
    {
        var isText = QueueText.TryDecode(raw, out var text);
        return TriedEnvelope.Open(new ReceivedMessage(id, receipt, isText ? text : raw, dequeueCount, insertedAt, isText));
    }

    /// <summary>
    /// Keeps a message for <paramref name="visibility"/> from now (zero: gives it back), with what came of its tries; null when it is not this consumer's
    /// any more.
    /// </summary>
    public async Task<ReceivedMessage?> ExtendAsync(ShardQueue queue, ReceivedMessage delivery, TimeSpan visibility, CancellationToken cancellation)
    {
        var updated = await QueueCalls.UnlessGoneAsync(
            () => clients.QueueOf(queue).UpdateMessageAsync(delivery.Id, delivery.Receipt, TriedEnvelope.Seal(delivery), visibility, cancellation), cancellation)
            .ConfigureAwait(false);
        return updated is null ? null : delivery with { Receipt = updated.Value.PopReceipt };
    }

    /// <summary>Removes a message that was dealt with; false when it was not this consumer's any more.</summary>
    public async Task<bool> DeleteAsync(ShardQueue queue, ReceivedMessage delivery, CancellationToken cancellation) =>
        await DeleteAsync(clients.QueueOf(queue), delivery.Id, delivery.Receipt, cancellation).ConfigureAwait(false);

    /// <summary>
    /// Puts a message, with what came of its tries, into its queue once more, hidden for <paramref name="pause"/>, and leaves the original to whoever holds
    /// it: a Functions trigger deletes what it completes.
    /// </summary>
    public Task SendAgainAsync(ShardQueue queue, ReceivedMessage delivery, TimeSpan pause, CancellationToken cancellation) =>
        SendAsync(clients.QueueOf(queue), TriedEnvelope.Seal(delivery), pause, cancellation);

    /// <summary>Moves a message to the poison queue. Dying in between leaves it in both, which is harmless.</summary>
    public async Task PoisonAsync(ShardQueue queue, ReceivedMessage delivery, string reason, CancellationToken cancellation)
    {
        await ParkAsync(queue, delivery, reason, cancellation).ConfigureAwait(false);
        await DeleteAsync(queue, delivery, cancellation).ConfigureAwait(false);
    }

    /// <summary>Puts a message into the poison queue and leaves the original to whoever holds it: a Functions trigger deletes what it completes.</summary>
    public Task ParkAsync(ShardQueue queue, ReceivedMessage delivery, string reason, CancellationToken cancellation) =>
        SendAsync(PoisonOf(queue), PoisonEnvelope.Seal(delivery, reason), TimeSpan.Zero, cancellation);

    /// <summary>The first <paramref name="max"/> (1–32) messages of a queue's poison queue, left where they are.</summary>
    public async Task<ImmutableArray<PoisonedDelivery>> PeekPoisonAsync(ShardQueue queue, int max, CancellationToken cancellation)
    {
        CheckBatch(max);
        var peeked = await QueueCalls.CallAsync(
            () => PoisonOf(queue).PeekMessagesAsync(max, cancellation), cancellation).ConfigureAwait(false);
        return [.. peeked.Value.Select(PoisonEnvelope.Open)];
    }

    /// <summary>Puts a poisoned message back into its queue as it was; false when there is none of that id.</summary>
    public Task<bool> RetryPoisonAsync(ShardQueue queue, string poisonedId, CancellationToken cancellation) =>
        WithPoisonAsync(queue, poisonedId, (poison, found) => ReplayAsync(clients.QueueOf(queue), poison, found, cancellation), cancellation);

    /// <summary>Deletes a poisoned message; false when there is none of that id.</summary>
    public Task<bool> DiscardPoisonAsync(ShardQueue queue, string poisonedId, CancellationToken cancellation) =>
        WithPoisonAsync(queue, poisonedId, (poison, found) => DeleteAsync(poison, found.MessageId, found.PopReceipt, cancellation), cancellation);

    /// <summary>A queue has no look-up: messages are taken until the one is found, and the others are then given back.</summary>
    private async Task<bool> WithPoisonAsync(ShardQueue queue, string poisonedId, Func<QueueClient, QueueMessage, Task> act, CancellationToken cancellation)
    {
        var poison = PoisonOf(queue);
        var others = new List<QueueMessage>();
        try
        {
            for (var batches = 0; batches < MaxSearchBatches; batches++)
            {
                var taken = await TakeAsync(poison, MaxBatch, SearchVisibility, cancellation).ConfigureAwait(false);
                others.AddRange(taken.Where(message => message.MessageId != poisonedId));
                if (taken.FirstOrDefault(message => message.MessageId == poisonedId) is { } found)
                {
                    await act(poison, found).ConfigureAwait(false);
                    return true;
                }

                if (taken.Length == 0)
                {
                    return false;
                }
            }

            return false;
        }
        finally
        {
            await GiveBackAsync(poison, others).ConfigureAwait(false);
        }
    }

    /// <summary>About how many messages a queue holds, hidden ones included. A queue's poison queue is asked by its name with <c>Queues.PoisonSuffix</c>.</summary>
    public async Task<int> ApproximateCountAsync(ShardQueue queue, CancellationToken cancellation)
    {
        var properties = await QueueCalls.CallAsync(() => clients.QueueOf(queue).GetPropertiesAsync(cancellation), cancellation).ConfigureAwait(false);
        return properties.Value.ApproximateMessagesCount;
    }

    private static ReceivedMessage ToDelivery(QueueMessage message) =>
        Open(message.MessageId, message.PopReceipt, message.MessageText, message.DequeueCount, message.InsertedOn ?? default);

    private static async Task<QueueMessage[]> TakeAsync(QueueClient queue, int max, TimeSpan visibility, CancellationToken cancellation)
    {
        CheckBatch(max);
        var taken = await QueueCalls.CallAsync(() => queue.ReceiveMessagesAsync(max, visibility, cancellation), cancellation).ConfigureAwait(false);
        return taken.Value;
    }

    private static async Task ReplayAsync(QueueClient queue, QueueClient poison, QueueMessage found, CancellationToken cancellation)
    {
        var original = PoisonEnvelope.Open(found.MessageId, found.MessageText, default);
        await SendAsync(queue, PoisonEnvelope.Raw(original.Body, original.IsText), TimeSpan.Zero, cancellation).ConfigureAwait(false);
        await DeleteAsync(poison, found.MessageId, found.PopReceipt, cancellation).ConfigureAwait(false);
    }

    private static async Task SendAsync(QueueClient queue, string raw, TimeSpan delay, CancellationToken cancellation) =>
        await QueueCalls.CallAsync(() => queue.SendMessageAsync(raw, delay, Never, cancellation), cancellation).ConfigureAwait(false);

    private static async Task<bool> DeleteAsync(QueueClient queue, string id, string receipt, CancellationToken cancellation) =>
        await QueueCalls.UnlessGoneAsync(() => queue.DeleteMessageAsync(id, receipt, cancellation), cancellation).ConfigureAwait(false) is not null;

    // Best effort, and even when the caller is gone: they show themselves when their visibility is over.
    private static async Task GiveBackAsync(QueueClient queue, List<QueueMessage> messages)
    {
        foreach (var batch in messages.Chunk(MaxBatch))
        {
            try
            {
                await Task.WhenAll(batch.Select(message => QueueCalls.UnlessGoneAsync(
                    () => queue.UpdateMessageAsync(message.MessageId, message.PopReceipt, message.MessageText, TimeSpan.Zero), default)))
                    .ConfigureAwait(false);
            }
            catch (StorageUnavailableException)
            {
                return;
            }
        }
    }

    private static void CheckBatch(int max)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(max, MaxBatch);
    }

    private QueueClient PoisonOf(ShardQueue queue) => clients.QueueOf(queue with { Name = queue.Name + Queues.PoisonSuffix });
}
