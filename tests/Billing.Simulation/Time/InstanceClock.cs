namespace Billing.Simulation.Time;

/// <summary>An instance's clock: virtual time, a little off.</summary>
internal sealed class InstanceClock(Loop loop, TimeSpan skew) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => loop.Now + skew;

    public override long GetTimestamp() => throw new InvalidOperationException("The simulation has no stop-watch.");

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        throw new InvalidOperationException("The simulation has no timers of the runtime's.");
}
