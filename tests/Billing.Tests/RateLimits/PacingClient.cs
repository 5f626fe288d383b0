using System.Globalization;
using System.Text.RegularExpressions;

namespace Billing.Tests.RateLimits;

/// <summary>Knows nothing of the rules but the headers of its last response: how many calls it may still make, and until when that is all.</summary>
internal abstract partial class PacingClient
{
    public int Remaining { get; private set; } = 1;

    /// <summary>Milliseconds since 1970; more calls become free then.</summary>
    public long ResetAt { get; private set; }

    /// <summary>Learns from a wave of responses: the least that any says remains, the latest reset.</summary>
    public void Learn(IEnumerable<(long ReceivedAt, Dictionary<string, string> Fields)> responses)
    {
        var told = responses.Select(response => Read(response.ReceivedAt, response.Fields)).ToArray();
        (Remaining, ResetAt) = (told.Min(one => one.Remaining), told.Max(one => one.ResetAt));
    }

    /// <summary>With nothing remaining, sleeps until the reset and then may make one call, whose response says more.</summary>
    public long SleepIfExhausted(long now)
    {
        if (Remaining > 0)
        {
            return now;
        }

        Remaining = 1;
        return Math.Max(now, ResetAt);
    }

    protected abstract (int Remaining, long ResetAt) Read(long receivedAt, Dictionary<string, string> fields);

    /// <summary>Reads the X-RateLimit fields; its own clock is right.</summary>
    internal sealed class OfXRateLimit : PacingClient
    {
        protected override (int Remaining, long ResetAt) Read(long receivedAt, Dictionary<string, string> fields) =>
            (int.Parse(fields["X-RateLimit-Remaining"], CultureInfo.InvariantCulture),
            long.Parse(fields["X-RateLimit-Reset"], CultureInfo.InvariantCulture) * 1000);
    }

    /// <summary>Reads the draft's RateLimit field; counts its wait from when the response arrived.</summary>
    internal sealed partial class OfDraft : PacingClient
    {
        protected override (int Remaining, long ResetAt) Read(long receivedAt, Dictionary<string, string> fields)
        {
            var field = Item().Match(fields["RateLimit"]);
            Assert.True(field.Success);
            return (int.Parse(field.Groups["r"].ValueSpan, CultureInfo.InvariantCulture),
                receivedAt + long.Parse(field.Groups["t"].ValueSpan, CultureInfo.InvariantCulture) * 1000);
        }

        [GeneratedRegex("^\"[a-z-]+\";r=(?<r>[0-9]+);t=(?<t>[0-9]+)$")]
        private static partial Regex Item();
    }
}
