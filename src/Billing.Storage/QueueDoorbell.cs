using Azure.Storage.Queues;

namespace Billing.Storage;

/// <summary>The queue port over Azure Queue Storage.</summary>
public sealed class QueueDoorbell(StorageClients clients) : IDoorbell
{
    private static readonly TimeSpan Never = TimeSpan.FromSeconds(-1);

    /// <summary>Makes the queues that are missing, and a poison queue for each.</summary>
    public Task EnsureCreatedAsync(CancellationToken cancellation) => QueueCalls.CallAsync(
        () => Task.WhenAll(Queues.All
            .SelectMany(queue => new[] { queue, queue + Queues.PoisonSuffix })
            .Select(queue => clients.QueueOf(queue).CreateIfNotExistsAsync(cancellationToken: cancellation))),
        cancellation);

    /// <inheritdoc/>
    public async Task<Ring> RingAsync(string queue, string message, TimeSpan delay, CancellationToken cancellation)
    {
        var client = Known(queue);
        var text = QueueText.Encode(message);
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(delay, TimeSpan.FromDays(7));
        var sent = await QueueCalls.CallAsync(
            () => client.SendMessageAsync(text, visibilityTimeout: delay, timeToLive: Never, cancellation), cancellation).ConfigureAwait(false);
        return new Ring(queue, message, sent.Value.MessageId, sent.Value.PopReceipt);
    }

    /// <inheritdoc/>
    public async Task RevealAsync(Ring ring, CancellationToken cancellation)
    {
        var client = Known(ring.Queue);
        var text = QueueText.Encode(ring.Message);
        // Gone already: its delay was over, and whoever answered it was faster.
        _ = await QueueCalls.UnlessGoneAsync(
            () => client.UpdateMessageAsync(ring.MessageId, ring.Receipt, text, TimeSpan.Zero, cancellation), cancellation).ConfigureAwait(false);
    }

    private QueueClient Known(string queue) => Queues.All.Contains(queue)
        ? clients.QueueOf(queue)
        : throw new ArgumentException($"'{queue}' is none of the queues.", nameof(queue));
}
