using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Billing.Webhooks;

/// <summary>When a webhook delivery that failed is tried again: ten attempts over three days, further and further apart.</summary>
/// <remarks>Source: the schedule that Standard Webhooks 1.0 recommends, with jitter so that a receiver that comes back is not met by all its deliveries at once.</remarks>
public static class RetrySchedule
{
    /// <summary>The largest jitter of <see cref="JitterOf"/>: a tenth of the wait.</summary>
    public const int MaxJitterPermille = 100;

    private static readonly ImmutableArray<TimeSpan> Waits =
    [
        TimeSpan.FromSeconds(5),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2),
        TimeSpan.FromHours(5),
        TimeSpan.FromHours(10),
        TimeSpan.FromHours(14),
        TimeSpan.FromHours(20),
        TimeSpan.FromHours(24),
    ];

    /// <summary>How often a delivery is tried at most, the first time included.</summary>
    public static int MaxAttempts => Waits.Length + 1;

    /// <summary>When to try again, or null when that was the last attempt.</summary>
    /// <param name="attempt">Which attempt failed; the first is 1.</param>
    /// <param name="jitterPermille">By how many thousandths the wait is lengthened, 0–1,000.</param>
    public static DateTimeOffset? NextAttemptAt(int attempt, DateTimeOffset failedAt, int jitterPermille)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempt, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(jitterPermille);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(jitterPermille, 1000);
        if (attempt >= MaxAttempts)
        {
            return null;
        }

        var wait = Waits[attempt - 1];
        return failedAt + wait + new TimeSpan(wait.Ticks * jitterPermille / 1000);
    }

    /// <summary>A jitter of 0–<see cref="MaxJitterPermille"/> thousandths that any instance derives alike and that differs between deliveries and attempts.</summary>
    public static int JitterOf(string deliveryId, int attempt)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{deliveryId}:{attempt}"));
        return (int)(BinaryPrimitives.ReadUInt32BigEndian(hash) % (MaxJitterPermille + 1));
    }
}
