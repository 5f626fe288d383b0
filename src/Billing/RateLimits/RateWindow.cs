using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Billing.RateLimits;

/// <summary>The accepted hits of one key, or of a workspace without one, that may still count against its limit. Immutable; kept in a row <c>rate:…</c>.</summary>
/// <remarks>
/// <para>
/// Invariant: no window of the limit's length ever holds more than the limit's number of accepted hits. Windows are half-open:
/// a hit at t has left at t + length. Time is kept in whole milliseconds, what is finer is cut off.
/// </para>
/// <para>
/// Instances' clocks differ: a hit never counts as earlier than the last one accepted. A refused hit changes nothing, not even this clock.
/// </para>
/// <para>
/// The state does not remember under which limit it grew. A limit that is raised, lowered, lengthened or changes its kind applies from
/// the next hit on, to it and to all hits still remembered: under a sliding limit those of the last window, each at its own time; under a
/// fixed one those of the current window, all at the time of the last (so turning to a sliding limit may count a hit longer, never shorter).
/// </para>
/// </remarks>
[JsonConverter(typeof(RateWindowJsonConverter))]
public sealed class RateWindow
{
    /// <summary>The window of a key that was never used.</summary>
    public static readonly RateWindow Empty = new([], 0);

    /// <summary>Oldest first, at strictly increasing times.</summary>
    private readonly ImmutableArray<HitRun> _runs;
    private readonly int _hits;

    private RateWindow(ImmutableArray<HitRun> runs, int hits)
    {
        _runs = runs;
        _hits = hits;
    }

    private long LastAt => _runs.IsEmpty ? long.MinValue : _runs[^1].At;

    /// <summary>Reads what <see cref="ToText"/> wrote.</summary>
    /// <exception cref="FormatException">The text was not written by <see cref="ToText"/>.</exception>
    public static RateWindow Parse(string text)
    {
        var runs = HitRuns.Parse(text);
        return new RateWindow(runs, runs.Sum(run => run.Count));
    }

    /// <summary>
    /// The state as versioned ASCII text that needs no escapes in JSON. 10,000 hits within an hour, wherever they lie in it,
    /// stay below 24,000 characters, so that the text always fits one string property of a table row (32,768).
    /// </summary>
    public string ToText() => HitRuns.ToText(_runs);

    /// <summary>Lets <paramref name="count"/> hits in, all or none.</summary>
    /// <param name="limit">The key's limit as it is now.</param>
    /// <param name="now">The answering instance's clock.</param>
    /// <param name="count">How many hits arrive together; at least 1.</param>
    /// <exception cref="ArgumentException">The limit is not <see cref="RateLimit.IsSound"/> or the count is below 1.</exception>
    public RateDecision Hit(RateLimit limit, DateTimeOffset now, int count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var counted = CountedAt(limit, now);
        var excess = (long)counted.Hits + count - limit.Limit;
        if (excess > 0)
        {
            DateTimeOffset? retryAt = count > limit.Limit ? null : LeavesAt(limit, counted, excess);
            return new RateDecision(this, Accepted: false, Headers(limit, now, counted) with { RetryAt = retryAt });
        }

        var hits = counted.Hits + count;
        var window = new RateWindow(
            limit.Kind == RateLimitKind.Sliding ? Appended(counted, count) : [new HitRun(counted.Now, hits)],
            hits);
        return new RateDecision(window, Accepted: true, window.Peek(limit, now));
    }

    /// <summary>Gives back hits that came to nothing, the newest first.</summary>
    public RateWindow Without(int count)
    {
        var (runs, left) = (_runs, count);
        while (left > 0 && !runs.IsEmpty)
        {
            var taken = Math.Min(left, runs[^1].Count);
            runs = taken == runs[^1].Count ? runs.RemoveAt(runs.Length - 1) : runs.SetItem(runs.Length - 1, new HitRun(runs[^1].At, runs[^1].Count - taken));
            left -= taken;
        }

        return left == count ? this : new RateWindow(runs, _hits - count + left);
    }

    /// <summary>What a response says that is not a hit itself.</summary>
    /// <exception cref="ArgumentException">The limit is not <see cref="RateLimit.IsSound"/>.</exception>
    public RateHeaders Peek(RateLimit limit, DateTimeOffset now) => Headers(limit, now, CountedAt(limit, now));

    private RateHeaders Headers(RateLimit limit, DateTimeOffset now, Counted counted)
    {
        var free = limit.Limit - counted.Hits;
        return new RateHeaders(
            limit.Limit,
            Math.Max(0, free),
            LeavesAt(limit, counted, Math.Max(1, 1L - free)),
            limit.WindowSeconds,
            now,
            RetryAt: null);
    }

    /// <summary>Which hits the limit still counts: the runs from <see cref="Counted.First"/> on.</summary>
    private Counted CountedAt(RateLimit limit, DateTimeOffset now)
    {
        if (!limit.IsSound)
        {
            throw new ArgumentException($"{limit} cannot be enforced.", nameof(limit));
        }

        var at = Math.Max(now.ToUnixTimeMilliseconds(), LastAt);
        var from = limit.Kind == RateLimitKind.Sliding ? at - Length(limit) + 1 : at - at % Length(limit);
        var first = 0;
        var hits = _hits;
        while (first < _runs.Length && _runs[first].At < from)
        {
            hits -= _runs[first++].Count;
        }

        return new Counted(at, first, hits);
    }

    /// <summary>When the <paramref name="nth"/> oldest hit that counts stops counting; with none, when a hit made now would.</summary>
    private DateTimeOffset LeavesAt(RateLimit limit, Counted counted, long nth)
    {
        var at = counted.Now;
        for (var index = counted.First; index < _runs.Length && nth > 0; index++)
        {
            at = _runs[index].At;
            nth -= _runs[index].Count;
        }

        var startsAt = limit.Kind == RateLimitKind.Sliding ? at : at - at % Length(limit);
        return DateTimeOffset.FromUnixTimeMilliseconds(startsAt + Length(limit));
    }

    private ImmutableArray<HitRun> Appended(Counted counted, int count)
    {
        var kept = _runs.AsSpan()[counted.First..];
        if (!kept.IsEmpty && kept[^1].At == counted.Now)
        {
            return [.. kept[..^1], new HitRun(counted.Now, kept[^1].Count + count)];
        }

        return [.. kept, new HitRun(counted.Now, count)];
    }

    private static long Length(RateLimit limit) => limit.WindowSeconds * 1000L;

    /// <param name="Now">Milliseconds since 1970; never before the last accepted hit.</param>
    private readonly record struct Counted(long Now, int First, int Hits);
}
