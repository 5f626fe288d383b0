using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Billing.Engine.Due;
using Billing.Engine.Ports;

namespace Billing.InMemory;

/// <summary>The queue port without storage. Its time stands still until <see cref="Advance"/>.</summary>
public sealed class InMemoryMessageQueue : IMessageQueue
{
    private const int MaxBytes = 48 * 1024;

    private readonly Lock _gate = new();
    private readonly List<HeldMessage> _held = [];
    private TimeSpan _now;
    private int _sent;
    private int _revealed;

    private sealed record HeldMessage(QueuedMessage Sent, TimeSpan VisibleAt);

    /// <summary>Called before a message is stored. Throw to fail it.</summary>
    public Func<string, string, Task>? BeforeSend { get; set; }

    /// <summary>Called when a message is stored, before its sender is told. Throw to lose the answer.</summary>
    public Func<QueuedMessage, Task>? AfterSend { get; set; }

    /// <summary>Called before a message is made visible. Throw to leave it hidden.</summary>
    public Func<QueuedMessage, Task>? BeforeReveal { get; set; }

    /// <summary>How many messages were stored.</summary>
    public int Sent => Read(() => _sent);

    /// <summary>How many messages were made visible by their senders.</summary>
    public int Revealed => Read(() => _revealed);

    /// <inheritdoc/>
    public async Task<QueuedMessage> SendAsync(ShardQueue queue, string message, TimeSpan delay, CancellationToken cancellation)
    {
        Check(queue.Name, message, delay);
        cancellation.ThrowIfCancellationRequested();
        await Task.Yield();
        if (BeforeSend is { } before)
        {
            await before(queue.Name, message);
        }

        var sent = Hold(queue, message, delay);
        if (AfterSend is { } after)
        {
            await after(sent);
        }

        return sent;
    }

    /// <inheritdoc/>
    public async Task RevealAsync(QueuedMessage message, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        await Task.Yield();
        if (BeforeReveal is { } before)
        {
            await before(message);
        }

        lock (_gate)
        {
            // Gone already: whoever answered it was faster.
            if (_held.FindIndex(held => held.Sent == message) is >= 0 and var at)
            {
                _held[at] = _held[at] with { VisibleAt = _now };
                _revealed++;
            }
        }
    }

    /// <summary>Lets time pass: messages whose delay is over become visible.</summary>
    public void Advance(TimeSpan time)
    {
        lock (_gate)
        {
            _now += time;
        }
    }

    /// <summary>Messages that a consumer would get now, oldest first.</summary>
    public ImmutableArray<QueuedMessage> Visible(string queue) => Read(() => Messages(queue, held => held.VisibleAt <= _now));

    /// <summary>Messages still hidden, oldest first.</summary>
    public ImmutableArray<QueuedMessage> Hidden(string queue) => Read(() => Messages(queue, held => held.VisibleAt > _now));

    /// <summary>Takes the visible messages off the queue, oldest first.</summary>
    public ImmutableArray<QueuedMessage> Drain(string queue)
    {
        lock (_gate)
        {
            var visible = Messages(queue, held => held.VisibleAt <= _now);
            _held.RemoveAll(held => visible.Contains(held.Sent));
            return visible;
        }
    }

    private static void Check(string queue, string message, TimeSpan delay)
    {
        if (!Queues.All.Contains(queue))
        {
            throw new ArgumentException($"'{queue}' is none of the queues.", nameof(queue));
        }

        if (Encoding.UTF8.GetByteCount(message) is 0 or > MaxBytes)
        {
            throw new ArgumentException($"A message has 1 to {MaxBytes} bytes.", nameof(message));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(delay, TimeSpan.FromDays(7));
    }

    private QueuedMessage Hold(ShardQueue queue, string message, TimeSpan delay)
    {
        lock (_gate)
        {
            var number = (++_sent).ToString(CultureInfo.InvariantCulture);
            var sent = new QueuedMessage(queue, message, $"message-{number}", $"receipt-{number}");
            _held.Add(new HeldMessage(sent, _now + delay));
            return sent;
        }
    }

    private ImmutableArray<QueuedMessage> Messages(string queue, Predicate<HeldMessage> wanted) =>
        [.. _held.Where(held => held.Sent.Queue.Name == queue && wanted(held)).Select(held => held.Sent)];

    private T Read<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }
}
