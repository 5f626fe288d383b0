using System.Globalization;

namespace Billing.Client.Tests;

/// <summary>A clock on which every wait is over at once, and remembered.</summary>
internal sealed class HastyClock : TimeProvider
{
    private DateTimeOffset _now = DateTimeOffset.Parse("2025-11-03T10:30:00Z", CultureInfo.InvariantCulture);

    public List<TimeSpan> Waits { get; } = [];

    /// <summary>Called before a wait is over.</summary>
    public Action Waiting { get; set; } = () => { };

    public override DateTimeOffset GetUtcNow() => _now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Waits.Add(dueTime);
        _now += dueTime;
        Waiting();
        ThreadPool.QueueUserWorkItem(_ => callback(state));
        return new Over();
    }

    private sealed class Over : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
