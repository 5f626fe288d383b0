using Billing.RateLimits;

namespace Billing.Tests.RateLimits;

public sealed class RateHeadersTests
{
    private static readonly DateTimeOffset Noon = new(2025, 11, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly RateLimit Bloom = new(120, 60, RateLimitKind.Sliding);

    [Fact]
    public void An_accepted_hit_is_answered_with_five_fields()
    {
        var headers = RateWindow.Empty.Hit(Bloom, Noon).Headers;
        Assert.Equal(
            [
                ("X-RateLimit-Limit", "120"),
                ("X-RateLimit-Remaining", "119"),
                ("X-RateLimit-Reset", "1761998460"),
                ("RateLimit-Policy", "\"per-key\";q=120;w=60"),
                ("RateLimit", "\"per-key\";r=119;t=60"),
            ],
            headers.ToHttp().ToArray());
    }

    [Fact]
    public void A_refused_hit_is_told_when_to_come_back()
    {
        var window = RateWindow.Empty.Hit(Bloom, Noon, 120).Window;
        var headers = window.Hit(Bloom, Noon.AddSeconds(12.3)).Headers;
        Assert.Equal(
            [
                ("X-RateLimit-Limit", "120"),
                ("X-RateLimit-Remaining", "0"),
                ("X-RateLimit-Reset", "1761998460"),
                ("RateLimit-Policy", "\"per-key\";q=120;w=60"),
                ("RateLimit", "\"per-key\";r=0;t=48"),
                ("Retry-After", "48"),
            ],
            headers.ToHttp().ToArray());
    }

    [Theory]
    [InlineData(0, 60)]
    [InlineData(1, 60)]
    [InlineData(999, 60)]
    [InlineData(1000, 59)]
    [InlineData(59_000, 1)]
    [InlineData(59_999, 1)]
    public void Retry_after_is_rounded_up_to_whole_seconds_and_is_at_least_one(int millisecondsLater, int seconds)
    {
        var window = RateWindow.Empty.Hit(Bloom, Noon, 120).Window;
        var headers = window.Hit(Bloom, Noon.AddMilliseconds(millisecondsLater)).Headers;
        Assert.Equal(seconds, headers.RetryAfterSeconds);
        Assert.Equal(seconds, headers.ResetAfterSeconds);
        Assert.True(window.Hit(Bloom, headers.Now.AddSeconds(seconds)).Accepted);
    }

    [Fact]
    public void A_reset_within_a_second_is_rounded_up()
    {
        var headers = RateWindow.Empty.Hit(Bloom, Noon.AddMilliseconds(1)).Headers;
        Assert.Equal(Noon.AddSeconds(61).ToUnixTimeSeconds(), headers.ResetEpochSeconds);
    }

    [Fact]
    public void Retry_after_is_never_before_the_reset()
    {
        // The draft: the Retry-After value should not reference a point in time earlier than t.
        var window = RateWindow.Empty.Hit(Bloom, Noon, 60).Window.Hit(Bloom, Noon.AddSeconds(20), 60).Window;
        Assert.Equal(Noon.AddSeconds(60), window.Hit(Bloom, Noon.AddSeconds(30)).Headers.RetryAt);
        var many = window.Hit(Bloom, Noon.AddSeconds(30), 100).Headers;
        Assert.Equal(Noon.AddSeconds(80), many.RetryAt);
        Assert.Equal(Noon.AddSeconds(60), many.ResetAt);
    }
}
