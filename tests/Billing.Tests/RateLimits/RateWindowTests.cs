using Billing.RateLimits;

namespace Billing.Tests.RateLimits;

public sealed class RateWindowTests
{
    private static readonly DateTimeOffset Noon = new(2025, 11, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly RateLimit Sliding = new(3, 60, RateLimitKind.Sliding);
    private static readonly RateLimit Hourly = new(3, 3600, RateLimitKind.FixedHour);

    [Fact]
    public void A_hit_leaves_a_sliding_window_exactly_one_window_later()
    {
        var window = Filled(Sliding, Noon);
        Assert.False(window.Hit(Sliding, Noon.AddSeconds(60).AddMilliseconds(-1)).Accepted);
        Assert.True(window.Hit(Sliding, Noon.AddSeconds(60)).Accepted);
    }

    [Fact]
    public void A_fixed_window_ends_on_the_hour_whenever_its_hits_came()
    {
        var window = Filled(Hourly, Noon.AddMinutes(59));
        Assert.False(window.Hit(Hourly, Noon.AddHours(1).AddMilliseconds(-1)).Accepted);
        var decision = window.Hit(Hourly, Noon.AddHours(1));
        Assert.True(decision.Accepted);
        Assert.Equal(2, decision.Headers.Remaining);
        Assert.Equal(Noon.AddHours(2), decision.Headers.ResetAt);
    }

    [Fact]
    public void Refused_hits_change_nothing_and_are_not_counted()
    {
        var window = Filled(Sliding, Noon);
        for (var second = 1; second < 60; second++)
        {
            var decision = window.Hit(Sliding, Noon.AddSeconds(second));
            Assert.Same(window, decision.Window);
            Assert.Equal(Noon.AddSeconds(60), decision.Headers.RetryAt);
        }

        Assert.Equal(2, window.Hit(Sliding, Noon.AddSeconds(60)).Headers.Remaining);
    }

    [Fact]
    public void Hits_that_arrive_together_are_let_in_together_or_not_at_all()
    {
        var window = RateWindow.Empty.Hit(Sliding, Noon, 2).Window;
        var refused = window.Hit(Sliding, Noon.AddSeconds(10), 2);
        Assert.False(refused.Accepted);
        Assert.Equal(1, refused.Headers.Remaining);
        Assert.Equal(Noon.AddSeconds(60), refused.Headers.RetryAt);
        Assert.Equal(Noon.AddSeconds(60), window.Hit(Sliding, Noon.AddSeconds(10), 3).Headers.RetryAt);
        Assert.True(window.Hit(Sliding, Noon.AddSeconds(10), 1).Accepted);
    }

    [Fact]
    public void More_hits_than_the_limit_never_succeed_so_no_retry_is_promised()
    {
        var decision = RateWindow.Empty.Hit(Sliding, Noon, 4);
        Assert.False(decision.Accepted);
        Assert.Null(decision.Headers.RetryAt);
        Assert.DoesNotContain(decision.Headers.ToHttp(), field => field.Name == "Retry-After");
    }

    [Fact]
    public void A_clock_behind_another_instances_clock_wins_nothing()
    {
        var window = Filled(Sliding, Noon);
        Assert.False(window.Hit(Sliding, Noon.AddDays(-1)).Accepted);
        var late = RateWindow.Empty.Hit(Sliding, Noon).Window.Hit(Sliding, Noon.AddSeconds(-30), 2);
        Assert.True(late.Accepted);
        Assert.False(late.Window.Hit(Sliding, Noon.AddSeconds(59)).Accepted);
        Assert.True(late.Window.Hit(Sliding, Noon.AddSeconds(60), 3).Accepted);
    }

    [Fact]
    public void Waits_are_told_by_the_clock_of_the_instance_that_answers()
    {
        var headers = Filled(Sliding, Noon).Hit(Sliding, Noon.AddSeconds(-5)).Headers;
        Assert.Equal(Noon.AddSeconds(60), headers.RetryAt);
        Assert.Equal(65, headers.RetryAfterSeconds);
        Assert.Equal(65, headers.ResetAfterSeconds);
    }

    [Fact]
    public void A_raised_limit_applies_at_once_on_top_of_the_hits_already_made()
    {
        var raised = Sliding with { Limit = 5 };
        var decision = Filled(Sliding, Noon).Hit(raised, Noon.AddSeconds(1), 2);
        Assert.True(decision.Accepted);
        Assert.Equal(0, decision.Headers.Remaining);
        Assert.False(decision.Window.Hit(raised, Noon.AddSeconds(1)).Accepted);
    }

    [Fact]
    public void A_lowered_limit_waits_until_enough_old_hits_have_left()
    {
        var window = RateWindow.Empty;
        for (var second = 0; second < 3; second++)
        {
            window = window.Hit(Sliding, Noon.AddSeconds(second)).Window;
        }

        var lowered = Sliding with { Limit = 2 };
        var refused = window.Hit(lowered, Noon.AddSeconds(3));
        Assert.Equal(Noon.AddSeconds(61), refused.Headers.RetryAt);
        Assert.Equal(Noon.AddSeconds(61), refused.Headers.ResetAt);
        Assert.Equal(0, refused.Headers.Remaining);
        Assert.True(window.Hit(lowered, Noon.AddSeconds(61)).Accepted);
    }

    [Fact]
    public void From_hourly_to_sliding_all_hits_of_the_hour_count_as_made_at_the_last_one()
    {
        var window = RateWindow.Empty.Hit(Hourly, Noon, 2).Window.Hit(Hourly, Noon.AddMinutes(30)).Window;
        Assert.False(window.Hit(Sliding, Noon.AddMinutes(31).AddMilliseconds(-1)).Accepted);
        Assert.True(window.Hit(Sliding, Noon.AddMinutes(31), 3).Accepted);
    }

    [Fact]
    public void From_sliding_to_hourly_the_hits_of_this_hour_count()
    {
        var window = RateWindow.Empty.Hit(Sliding, Noon.AddSeconds(-1), 2).Window.Hit(Sliding, Noon.AddSeconds(1)).Window;
        var headers = window.Peek(Hourly, Noon.AddSeconds(2));
        Assert.Equal(2, headers.Remaining);
        Assert.Equal(Noon.AddHours(1), headers.ResetAt);
        Assert.True(window.Hit(Hourly, Noon.AddSeconds(2), 2).Accepted);
        Assert.False(window.Hit(Hourly, Noon.AddSeconds(2), 3).Accepted);
    }

    [Fact]
    public void Peeking_takes_nothing()
    {
        var window = Filled(Sliding, Noon);
        var headers = window.Peek(Sliding, Noon.AddSeconds(10));
        Assert.Equal(0, headers.Remaining);
        Assert.Equal(Noon.AddSeconds(60), headers.ResetAt);
        Assert.Null(headers.RetryAt);
    }

    [Fact]
    public void An_unused_key_has_all_its_limit_and_a_window_that_would_start_now()
    {
        var headers = RateWindow.Empty.Peek(Sliding, Noon.AddSeconds(7));
        Assert.Equal(3, headers.Remaining);
        Assert.Equal(Noon.AddSeconds(67), headers.ResetAt);
        Assert.Equal(Noon.AddHours(1), RateWindow.Empty.Peek(Hourly, Noon.AddSeconds(7)).ResetAt);
    }

    [Fact]
    public void Calls_that_cannot_be_meant_are_bugs()
    {
        Assert.ThrowsAny<ArgumentException>(() => RateWindow.Empty.Hit(Sliding, Noon, 0));
        Assert.ThrowsAny<ArgumentException>(() => RateWindow.Empty.Hit(Sliding with { Limit = 0 }, Noon));
        Assert.ThrowsAny<ArgumentException>(() => RateWindow.Empty.Peek(Sliding with { WindowSeconds = 0 }, Noon));
        Assert.False((Sliding with { Limit = RateLimit.MaxSlidingLimit + 1 }).IsSound);
        Assert.False((Sliding with { WindowSeconds = RateLimit.MaxSlidingSeconds + 1 }).IsSound);
        Assert.True((Hourly with { Limit = 50_000 }).IsSound);
        Assert.True(new RateLimit(RateLimit.MaxSlidingLimit, RateLimit.MaxSlidingSeconds, RateLimitKind.Sliding).IsSound);
        Assert.True(new RateLimit(RateLimit.MaxFixedLimit, RateLimit.MaxFixedSeconds, RateLimitKind.FixedHour).IsSound);
        Assert.False((Hourly with { Limit = RateLimit.MaxFixedLimit + 1 }).IsSound);
        Assert.False((Hourly with { WindowSeconds = RateLimit.MaxFixedSeconds + 1 }).IsSound);
        Assert.Equal((10_000, 1_000_000), (RateLimit.MostOf(RateLimitKind.Sliding), RateLimit.MostOf(RateLimitKind.FixedHour)));
        Assert.False((Hourly with { Kind = (RateLimitKind)7 }).IsSound);
    }

    private static RateWindow Filled(RateLimit limit, DateTimeOffset at) => RateWindow.Empty.Hit(limit, at, limit.Limit).Window;

    [Fact]
    public void Hits_that_came_to_nothing_are_given_back_the_newest_first()
    {
        var window = RateWindow.Empty.Hit(Sliding, Noon, 2).Window.Hit(Sliding, Noon.AddSeconds(30)).Window;
        Assert.Same(window, window.Without(0));
        Assert.Same(RateWindow.Empty, RateWindow.Empty.Without(1));
        foreach (var (count, left, nextAt) in new[] { (1, 2, 60), (2, 1, 60), (3, 0, 91), (4, 0, 91) })
        {
            var rest = window.Without(count);
            Assert.Equal((3 - left, Noon.AddSeconds(nextAt)), (rest.Peek(Sliding, Noon.AddSeconds(31)).Remaining, rest.Peek(Sliding, Noon.AddSeconds(31)).ResetAt));
            Assert.Equal(rest.ToText(), RateWindow.Parse(rest.ToText()).ToText());
            Assert.Equal(3 - left, RateWindow.Parse(rest.ToText()).Peek(Sliding, Noon.AddSeconds(31)).Remaining);
        }
    }

    [Fact]
    public void A_request_that_was_not_let_in_is_told_when_to_come_again_and_one_that_never_can_be_why()
    {
        var refused = Filled(Sliding, Noon).Hit(Sliding, Noon.AddSeconds(10));
        Assert.Equal((RefusalCodes.TooManyRequests, Noon.AddSeconds(60)), (refused.Refusal.Code, refused.Refusal.RetryAt));
        var never = RateWindow.Empty.Hit(Sliding, Noon, 4).Refusal;
        Assert.Equal((RefusalCodes.InvalidRequest, null), (never.Code, never.RetryAt));
        Assert.Equal("items: are more than the 3 that the rate limit admits in one window; send fewer, or in the mode best_effort", never.Detail);
        Assert.Equal((true, null), (refused.Uncounted.Accepted, refused.Uncounted.Headers.RetryAt));
    }
}
