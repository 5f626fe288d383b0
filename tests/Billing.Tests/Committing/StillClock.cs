namespace Billing.Tests.Committing;

/// <summary>The development clock at its strictest: it stands still until it is moved, and whoever would wait for it is told that this never ends.</summary>
internal sealed class StillClock(DateTimeOffset now) : TimeProvider
{
    private long _ticks = now.UtcTicks;

    public DateTimeOffset Now
    {
        get => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);
        set => Interlocked.Exchange(ref _ticks, value.UtcTicks);
    }

    public override DateTimeOffset GetUtcNow() => Now;

    public override long GetTimestamp() => throw new InvalidOperationException("No time passes on a clock that stands still.");

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        throw new InvalidOperationException("Nothing may wait for a clock that stands still.");
}
