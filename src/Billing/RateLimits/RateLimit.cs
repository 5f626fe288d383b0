namespace Billing.RateLimits;

/// <summary>How the windows of a limit lie in time. All of them are half-open: a hit at t leaves a window that starts at t + its length.</summary>
public enum RateLimitKind
{
    /// <summary>Every span of the window's length counts, wherever it starts.</summary>
    Sliding,

    /// <summary>Windows follow one another, aligned to UTC: with 3,600 seconds, the hours of the clock.</summary>
    FixedHour,
}

/// <summary>What a limit counts.</summary>
public enum RateUnit
{
    /// <summary>Every answered call; a batch is one.</summary>
    Requests,

    /// <summary>Admitted generations, and keys verified for endpoints that cost no credits. Reading is free, and so is what is refused.</summary>
    Generations,
}

/// <summary>At most <paramref name="Limit"/> hits in any window. A plain value; <see cref="IsSound"/> says whether it can be enforced.</summary>
/// <param name="Limit">Most accepted hits in one window.</param>
/// <param name="WindowSeconds">Length of a window in seconds.</param>
public sealed record RateLimit(int Limit, int WindowSeconds, RateLimitKind Kind, RateUnit Counts = RateUnit.Requests)
{
    /// <summary>The largest sliding limit: its log of hits still fits a storage property (see <see cref="RateWindow"/>).</summary>
    public const int MaxSlidingLimit = 10_000;

    /// <summary>The longest sliding window, one hour, for the same reason.</summary>
    public const int MaxSlidingSeconds = 3_600;

    public const int MaxFixedLimit = 1_000_000;

    public const int MaxFixedSeconds = 86_400;

    public static int MostOf(RateLimitKind kind) => kind == RateLimitKind.Sliding ? MaxSlidingLimit : MaxFixedLimit;

    /// <summary>Whether limit and window are at least 1 and within the bounds of their kind. Whoever reads a limit from outside checks this once.</summary>
    public bool IsSound => Kind switch
    {
        RateLimitKind.Sliding => Limit is >= 1 and <= MaxSlidingLimit && WindowSeconds is >= 1 and <= MaxSlidingSeconds,
        RateLimitKind.FixedHour => Limit is >= 1 and <= MaxFixedLimit && WindowSeconds is >= 1 and <= MaxFixedSeconds,
        _ => false,
    };
}
