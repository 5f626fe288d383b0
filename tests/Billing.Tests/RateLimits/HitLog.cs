using Billing.RateLimits;

namespace Billing.Tests.RateLimits;

/// <summary>The same rules by brute force: every accepted hit of a key for ever, counted anew at each question.</summary>
internal sealed class HitLog
{
    private readonly List<long> _times = [];

    public IReadOnlyList<long> Times => _times;

    public long Clamped(long at) => _times.Count == 0 ? at : Math.Max(at, _times[^1]);

    public int CountAt(RateLimit limit, long at)
    {
        var now = Clamped(at);
        var count = 0;
        foreach (var time in _times)
        {
            count += Counts(limit, time, now) ? 1 : 0;
        }

        return count;
    }

    public bool WouldAccept(RateLimit limit, long at, int count) => CountAt(limit, at) + count <= limit.Limit;

    public bool Hit(RateLimit limit, long at, int count)
    {
        if (!WouldAccept(limit, at, count))
        {
            return false;
        }

        _times.AddRange(Enumerable.Repeat(Clamped(at), count));
        return true;
    }

    /// <summary>The most hits at or after <paramref name="from"/> that any window of the limit holds.</summary>
    public int MostInAnyWindow(RateLimit limit, long from)
    {
        var times = _times.Where(time => time >= from).ToArray();
        var length = limit.WindowSeconds * 1000L;
        var starts = times.Select(time => limit.Kind == RateLimitKind.Sliding ? time : time / length * length).Distinct();
        return starts.Select(start => times.Count(time => time >= start && time < start + length)).DefaultIfEmpty().Max();
    }

    public static bool Counts(RateLimit limit, long time, long at)
    {
        var length = limit.WindowSeconds * 1000L;
        return limit.Kind == RateLimitKind.Sliding ? time + length > at : time / length == at / length;
    }
}
