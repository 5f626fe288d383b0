using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Billing.Testing;

/// <summary>The queue port without storage. Its time stands still until <see cref="Advance"/>.</summary>
public sealed class InMemoryDoorbell : IDoorbell
{
    private const int MaxBytes = 48 * 1024;

    private readonly Lock _gate = new();
    private readonly List<HeldRing> _held = [];
    private TimeSpan _now;
    private int _rung;
    private int _revealed;

    private sealed record HeldRing(Ring Ring, TimeSpan VisibleAt);

    /// <summary>Called before a ring is stored. Throw to fail it.</summary>
    public Func<string, string, Task>? BeforeRing { get; set; }

    /// <summary>Called when a ring is stored, before its sender is told. Throw to lose the answer.</summary>
    public Func<Ring, Task>? AfterRing { get; set; }

    /// <summary>Called before a ring is made visible. Throw to leave it hidden.</summary>
    public Func<Ring, Task>? BeforeReveal { get; set; }

    /// <summary>How many rings were stored.</summary>
    public int Rung => Read(() => _rung);

    /// <summary>How many rings were made visible by their senders.</summary>
    public int Revealed => Read(() => _revealed);

    /// <inheritdoc/>
    public async Task<Ring> RingAsync(string queue, string message, TimeSpan delay, CancellationToken cancellation)
    {
        Check(queue, message, delay);
        cancellation.ThrowIfCancellationRequested();
        await Task.Yield();
        if (BeforeRing is { } before)
        {
            await before(queue, message);
        }

        var ring = Hold(queue, message, delay);
        if (AfterRing is { } after)
        {
            await after(ring);
        }

        return ring;
    }

    /// <inheritdoc/>
    public async Task RevealAsync(Ring ring, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        await Task.Yield();
        if (BeforeReveal is { } before)
        {
            await before(ring);
        }

        lock (_gate)
        {
            // Gone already: whoever answered it was faster.
            if (_held.FindIndex(held => held.Ring == ring) is >= 0 and var at)
            {
                _held[at] = _held[at] with { VisibleAt = _now };
                _revealed++;
            }
        }
    }

    /// <summary>Lets time pass: rings whose delay is over become visible.</summary>
    public void Advance(TimeSpan time)
    {
        lock (_gate)
        {
            _now += time;
        }
    }

    /// <summary>Rings a consumer would get now, oldest first.</summary>
    public ImmutableArray<Ring> Visible(string queue) => Read(() => Rings(queue, held => held.VisibleAt <= _now));

    /// <summary>Rings still hidden, oldest first.</summary>
    public ImmutableArray<Ring> Hidden(string queue) => Read(() => Rings(queue, held => held.VisibleAt > _now));

    /// <summary>Takes the visible rings off the queue, oldest first.</summary>
    public ImmutableArray<Ring> Drain(string queue)
    {
        lock (_gate)
        {
            var visible = Rings(queue, held => held.VisibleAt <= _now);
            _held.RemoveAll(held => visible.Contains(held.Ring));
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

    private Ring Hold(string queue, string message, TimeSpan delay)
    {
        lock (_gate)
        {
            var number = (++_rung).ToString(CultureInfo.InvariantCulture);
            var ring = new Ring(queue, message, $"ring-{number}", $"receipt-{number}");
            _held.Add(new HeldRing(ring, _now + delay));
            return ring;
        }
    }

    private ImmutableArray<Ring> Rings(string queue, Predicate<HeldRing> wanted) =>
        [.. _held.Where(held => held.Ring.Queue == queue && wanted(held)).Select(held => held.Ring)];

    private T Read<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }
}
