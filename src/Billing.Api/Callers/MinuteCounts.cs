using System.Globalization;
using Microsoft.Extensions.Caching.Memory;

namespace Billing.Api.Callers;

/// <summary>Counts what somebody does within a minute of the clock. Kept per process: it protects what is behind, and is no quota.</summary>
public sealed class MinuteCounts(TimeProvider clock, CacheTime time) : IDisposable
{
    private readonly MemoryCache _counts = time.NewCache();

    /// <summary>When the next minute begins.</summary>
    public DateTimeOffset NextMinute => DateTimeOffset.FromUnixTimeSeconds((Minute + 1) * 60);

    private long Minute => clock.GetUtcNow().ToUnixTimeSeconds() / 60;

    /// <summary>How many were counted in this minute.</summary>
    public int Of(string who) => _counts.TryGetValue(KeyOf(who), out Counter? counter) ? Volatile.Read(ref counter!.Count) : 0;

    /// <summary>Counts one more, and tells how many there are.</summary>
    public int Add(string who)
    {
        var counter = _counts.GetOrCreate(KeyOf(who), entry =>
        {
            entry.Size = 1;
            entry.AbsoluteExpirationRelativeToNow = TimeSpan.FromMinutes(1);
            return new Counter();
        })!;
        return Interlocked.Increment(ref counter.Count);
    }

    /// <inheritdoc/>
    public void Dispose() => _counts.Dispose();

    private string KeyOf(string who) => string.Create(CultureInfo.InvariantCulture, $"{who}@{Minute}");

    private sealed class Counter
    {
        public int Count;
    }
}
