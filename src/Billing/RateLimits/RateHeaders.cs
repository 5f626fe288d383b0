using System.Collections.Immutable;
using System.Globalization;

namespace Billing.RateLimits;

/// <summary>What a response says about its key's rate limit. A client that paces itself by these alone is never refused.</summary>
/// <remarks>
/// <para>
/// <see cref="ResetAt"/> is the earliest instant at which <see cref="Remaining"/> grows: for a sliding window when the oldest hit
/// leaves it (one call becomes free, not all of them), for a fixed window its end (all of them). So both ways to read it are safe:
/// up to <see cref="Remaining"/> calls may be made at once, in parallel or spread until the reset; with none remaining, a call made
/// at the reset is accepted and its response tells what remains then. Sooner would be refused and later would waste quota.
/// This is what the draft means by <c>t</c> ("until additional quota is made available"), where a client must not assume that the
/// whole quota is back at that moment. With nothing used there is nothing to grow; the reset is then the end of a window that starts now.
/// </para>
/// <para>Whole seconds are always rounded up: whoever waits that long has waited long enough.</para>
/// <para>Source: draft-ietf-httpapi-ratelimit-headers-10 (<c>RateLimit</c>, <c>RateLimit-Policy</c>); RFC 9110 section 10.2.3 (<c>Retry-After</c>).</para>
/// </remarks>
/// <param name="Limit">Most accepted hits in one window.</param>
/// <param name="Remaining">How many more hits would be accepted now; never negative.</param>
/// <param name="ResetAt">The earliest instant at which <paramref name="Remaining"/> grows.</param>
/// <param name="WindowSeconds">Length of a window in seconds.</param>
/// <param name="Now">The instant all this is said at, by the answering instance's own clock: waits are counted from here.</param>
/// <param name="RetryAt">After a refusal, the earliest instant at which the same request succeeds; null when it was accepted, or asked for more than the limit and never can.</param>
public sealed record RateHeaders(
    int Limit,
    int Remaining,
    DateTimeOffset ResetAt,
    int WindowSeconds,
    DateTimeOffset Now,
    DateTimeOffset? RetryAt)
{
    /// <summary>The name of the policy in the draft's two fields.</summary>
    public const string Policy = "per-key";

    /// <summary><see cref="ResetAt"/> in seconds since 1970, rounded up.</summary>
    public long ResetEpochSeconds => SecondsRoundedUp(ResetAt - DateTimeOffset.UnixEpoch);

    /// <summary>Seconds from <see cref="Now"/> until <see cref="ResetAt"/>, rounded up.</summary>
    public long ResetAfterSeconds => Math.Max(0, SecondsRoundedUp(ResetAt - Now));

    /// <summary>Seconds from <see cref="Now"/> until <see cref="RetryAt"/>, rounded up, at least 1; null without one.</summary>
    public long? RetryAfterSeconds => RetryAt is { } at ? Math.Max(1, SecondsRoundedUp(at - Now)) : null;

    /// <summary>The header fields of a response: names and values, in a fixed order; <c>Retry-After</c> only after a refusal that time cures.</summary>
    public ImmutableArray<(string Name, string Value)> ToHttp()
    {
        var fields = ImmutableArray.CreateBuilder<(string, string)>(6);
        fields.Add(("X-RateLimit-Limit", Text(Limit)));
        fields.Add(("X-RateLimit-Remaining", Text(Remaining)));
        fields.Add(("X-RateLimit-Reset", Text(ResetEpochSeconds)));
        fields.Add(("RateLimit-Policy", $"\"{Policy}\";q={Text(Limit)};w={Text(WindowSeconds)}"));
        fields.Add(("RateLimit", $"\"{Policy}\";r={Text(Remaining)};t={Text(ResetAfterSeconds)}"));
        if (RetryAfterSeconds is { } seconds)
        {
            fields.Add(("Retry-After", Text(seconds)));
        }

        return fields.ToImmutable();
    }

    private static long SecondsRoundedUp(TimeSpan span) => (span.Ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond;

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
