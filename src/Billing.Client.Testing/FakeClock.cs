namespace Billing.Client.Testing;

/// <summary>A clock that stands still until it is moved. Its timers go off while it moves.</summary>
public sealed class FakeClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<FakeTimer> _timers = [];
    private readonly DateTimeOffset _start;
    private DateTimeOffset _now;

    internal FakeClock(DateTimeOffset now) => _start = _now = now.ToUniversalTime();

    /// <summary>Told by how much it moved.</summary>
    internal event Action<TimeSpan>? Moved;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>When the next timer goes off; null where nobody waits.</summary>
    internal DateTimeOffset? NextTimerAt
    {
        get
        {
            lock (_gate)
            {
                return _timers.Min(timer => timer.DueAt);
            }
        }
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => (GetUtcNow() - _start).Ticks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>
    /// Moves it. What is due by then is seen by the next request; <see cref="BillingFake.AdvanceAsync"/> also has it done, and gives whoever waits on this
    /// clock time to act on the way.
    /// </summary>
    public void Advance(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        MoveTo(GetUtcNow() + time);
    }

    internal void MoveTo(DateTimeOffset target)
    {
        while (NextDue(target) is { } timer)
        {
            timer.GoOff();
        }

        Set(target);
    }

    private FakeTimer? NextDue(DateTimeOffset target)
    {
        FakeTimer? next;
        lock (_gate)
        {
            next = _timers.Where(timer => timer.DueAt <= target).MinBy(timer => timer.DueAt);
        }

        if (next?.DueAt is { } due)
        {
            Set(due);
        }

        return next;
    }

    private void Set(DateTimeOffset to)
    {
        TimeSpan moved;
        lock (_gate)
        {
            moved = to - _now;
            if (moved <= TimeSpan.Zero)
            {
                return;
            }

            _now = to;
        }

        Moved?.Invoke(moved);
    }

    private sealed class FakeTimer(FakeClock clock, Action callback) : ITimer
    {
        private TimeSpan _period;

        public DateTimeOffset? DueAt { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
                _period = period;
                DueAt = dueTime == Timeout.InfiniteTimeSpan ? null : clock._now + dueTime;
                if (DueAt is not null)
                {
                    clock._timers.Add(this);
                }
            }

            if (dueTime == TimeSpan.Zero)
            {
                ThreadPool.QueueUserWorkItem(_ => GoOff());
            }

            return true;
        }

        public void GoOff()
        {
            lock (clock._gate)
            {
                // It may have been stopped, or gone off, meanwhile.
                if (DueAt is null || DueAt > clock._now || !clock._timers.Remove(this))
                {
                    return;
                }

                DueAt = _period > TimeSpan.Zero ? clock._now + _period : null;
                if (DueAt is not null)
                {
                    clock._timers.Add(this);
                }
            }

            callback();
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
