using System.Text;
using Billing.Engine.Due;
using Billing.Engine.Ports;

namespace Billing.Simulation.Storage;

/// <summary>The queue port of one process.</summary>
internal sealed class LineMessageQueue(QueueService queues, Line line) : IMessageQueue
{
    private const int MaxBytes = 48 * 1024;
    private static readonly object Done = new();

    public Task<QueuedMessage> SendAsync(ShardQueue queue, string message, TimeSpan delay, CancellationToken cancellation)
    {
        if (!Queues.All.Contains(queue.Name) || Encoding.UTF8.GetByteCount(message) is 0 or > MaxBytes || delay < TimeSpan.Zero || delay > TimeSpan.FromDays(7))
        {
            throw new ArgumentException($"Not a message: {queue} {delay} {message}");
        }

        if (ShardOf(message) != queue.Shard)
        {
            throw new ArgumentException($"A message lies beside its workspace: {queue} {message}");
        }

        return line.SendAsync(CallKind.Send, queue.Shard, $"{queue} {message}", () => queues.Add(queue, message, delay));
    }

    // rfd_<workspace>…, and renewals|2025-11-01T10;ws_<workspace>,…: the id begins behind the first underscore, and its shard with it.
    private static int ShardOf(string message) => ShardMap.ShardOf("ws_" + message[(message.IndexOf('_', StringComparison.Ordinal) + 1)..]);

    public Task RevealAsync(QueuedMessage message, CancellationToken cancellation) => line.SendAsync(CallKind.Reveal, message.Queue.Shard, $"{message.Queue} {message.Message}", () =>
    {
        queues.Reveal(message);
        return Done;
    });
}
