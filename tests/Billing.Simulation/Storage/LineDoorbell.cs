using System.Text;

namespace Billing.Simulation.Storage;

/// <summary>The queue port of one process.</summary>
internal sealed class LineDoorbell(QueueService queues, Line line) : IDoorbell
{
    private const int MaxBytes = 48 * 1024;
    private static readonly object Done = new();

    /// <summary>A message without what is random in it whatever the seed: the token of a webhook lane.</summary>
    public static string Readable(string message) => message.StartsWith("we_", StringComparison.Ordinal) ? message.Split('|')[0] : message;

    public Task<Ring> RingAsync(string queue, string message, TimeSpan delay, CancellationToken cancellation)
    {
        if (!Queues.All.Contains(queue) || Encoding.UTF8.GetByteCount(message) is 0 or > MaxBytes || delay < TimeSpan.Zero || delay > TimeSpan.FromDays(7))
        {
            throw new ArgumentException($"Not a ring: {queue} {delay} {message}");
        }

        return line.SendAsync(CallKind.Ring, $"{queue} {Readable(message)}", () => queues.Add(queue, message, delay));
    }

    public Task RevealAsync(Ring ring, CancellationToken cancellation) => line.SendAsync(CallKind.Reveal, $"{ring.Queue} {Readable(ring.Message)}", () =>
    {
        queues.Reveal(ring);
        return Done;
    });
}
