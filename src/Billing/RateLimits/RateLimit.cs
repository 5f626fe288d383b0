namespace Billing.RateLimits;

/// <summary>How the windows of a limit lie in time. All of them are half-open: a hit at t leaves a window that starts at t + its length.</summary>
public enum RateLimitKind
{
    /// <summary>Every span of the window's length counts, wherever it starts.</summary>
    Sliding,

    /// <summary>Windows follow one another, aligned to UTC: with 3,600 seconds, the hours of the clock.</summary>
    FixedHour,
}

/// <summary>At most <paramref name="Limit"/> hits in any window. A plain value; <see cref="IsSound"/> says whether it can be enforced.</summary>
/// <param name="Limit">Most accepted hits in one window.</param>
/// <param name="WindowSeconds">Length of a window in seconds.</param>
/// <param name="Kind">Where windows start.</param>
public sealed record RateLimit(int Limit, int WindowSeconds, RateLimitKind Kind)
{
    /// <summary>The largest sliding limit: its log of hits still fits a storage property (see <see cref="RateWindow"/>).</summary>
    public const int MaxSlidingLimit = 10_000;

    /// <summary>The longest sliding window, one hour, for the same reason.</summary>
    public const int MaxSlidingSeconds = 3_600;

    /// <summary>The largest fixed limit.</summary>
    public const int MaxFixedLimit = 1_000_000;

    /// <summary>The longest fixed window, one day.</summary>
    public const int MaxFixedSeconds = 86_400;

    /// <summary>The largest limit of a kind.</summary>
    public static int MostOf(RateLimitKind kind) => kind == RateLimitKind.Sliding ? MaxSlidingLimit : MaxFixedLimit;

    /// <summary>Whether limit and window are at least 1 and within the bounds of their kind. Whoever reads a limit from outside checks this once.</summary>
    public bool IsSound => Kind switch
    {
        RateLimitKind.Sliding => Limit is >= 1 and <= MaxSlidingLimit && WindowSeconds is >= 1 and <= MaxSlidingSeconds,
        RateLimitKind.FixedHour => Limit is >= 1 and <= MaxFixedLimit && WindowSeconds is >= 1 and <= MaxFixedSeconds,
        _ => false,
    };
}
