using Billing.RateLimits;
using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.ReportedElsewhere;

public sealed class RateWindowTests
{
    private static readonly DateTimeOffset Start = At("2025-11-01T00:00:00Z");

    public static TheoryData<RateLimit> Limits => [new(5, 60, RateLimitKind.Sliding), new(5, 3_600, RateLimitKind.FixedHour)];

    // Every window after the first let one request too few in, because the one that opened it was counted twice.
    [Theory]
    [MemberData(nameof(Limits))]
    public void Every_window_lets_as_many_in_as_the_first(RateLimit limit)
    {
        var window = RateWindow.Empty;
        for (var round = 0; round < 4; round++)
        {
            var remaining = Hits(limit, ref window, Start.AddSeconds(round * limit.WindowSeconds), 7).Select(one => (one.Accepted, one.Headers.Remaining));
            Assert.Equal([(true, 4), (true, 3), (true, 2), (true, 1), (true, 0), (false, 0), (false, 0)], remaining);
        }
    }

    // Refused requests were counted, so that a client which kept asking was never let in again.
    [Theory]
    [MemberData(nameof(Limits))]
    public void Who_keeps_asking_is_let_in_as_soon_as_who_waits(RateLimit limit)
    {
        var window = RateWindow.Empty;
        Hits(limit, ref window, Start, 5);
        for (var second = 1; second < limit.WindowSeconds; second++)
        {
            Assert.False(Assert.Single(Hits(limit, ref window, Start.AddSeconds(second), 1)).Accepted);
        }

        Assert.True(Assert.Single(Hits(limit, ref window, Start.AddSeconds(limit.WindowSeconds), 1)).Accepted);
    }

    // A refusal said that the limit was reset at 0, or at a time that was over.
    [Theory]
    [MemberData(nameof(Limits))]
    public void A_refusal_names_a_reset_to_come_and_a_request_then_is_let_in(RateLimit limit)
    {
        var window = RateWindow.Empty;
        Hits(limit, ref window, Start.AddMilliseconds(1), 5);
        var refused = Assert.Single(Hits(limit, ref window, Start.AddMilliseconds(900), 1)).Headers;
        var reset = DateTimeOffset.FromUnixTimeSeconds(refused.ResetEpochSeconds);
        Assert.True(reset > Start.AddMilliseconds(900));
        Assert.True(Assert.Single(Hits(limit, ref window, reset, 1)).Accepted);
    }

    private static List<RateDecision> Hits(RateLimit limit, ref RateWindow window, DateTimeOffset at, int count)
    {
        var decisions = new List<RateDecision>();
        for (var i = 0; i < count; i++)
        {
            decisions.Add(window.Hit(limit, at));
            window = decisions[^1].Window;
        }

        return decisions;
    }
}
