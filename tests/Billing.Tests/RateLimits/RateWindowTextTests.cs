using System.Text.Json;
using Billing.RateLimits;

namespace Billing.Tests.RateLimits;

public sealed class RateWindowTextTests
{
    private static readonly DateTimeOffset Noon = new(2025, 11, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Text_is_read_back_as_the_window_it_was()
    {
        var random = new Random(1);
        for (var trace = 0; trace < 500; trace++)
        {
            var limit = new RateLimit(random.Next(1, 200), random.Next(1, 3600), (RateLimitKind)random.Next(2));
            var (window, at) = (RateWindow.Empty, Noon);
            for (var hit = 0; hit < 100; hit++)
            {
                at = at.AddMilliseconds(random.NextInt64(1L << random.Next(1, 22)) - 1);
                window = window.Hit(limit, at, random.Next(1, 1 << random.Next(1, 6))).Window;
            }

            var again = RateWindow.Parse(window.ToText());
            Assert.Equal(window.ToText(), again.ToText());
            for (var hit = 0; hit < 20; hit++)
            {
                var (expected, actual) = (window.Hit(limit, at), again.Hit(limit, at));
                Assert.Equal((expected.Accepted, expected.Headers), (actual.Accepted, actual.Headers));
                (window, again, at) = (expected.Window, actual.Window, at.AddSeconds(random.Next(100)));
            }
        }
    }

    [Theory]
    [InlineData(60, 6)]
    [InlineData(3600, 360)]
    [InlineData(3600, 32)]
    public void Ten_thousand_hits_stay_below_thirty_thousand_characters(int windowSeconds, int gap)
    {
        var text = Full(windowSeconds, _ => gap).ToText();
        Assert.InRange(text.Length, 10_000, 29_999);
        Assert.Equal(text, RateWindow.Parse(text).ToText());
    }

    [Fact]
    public void The_costliest_ten_thousand_hits_within_an_hour_stay_below_twenty_four_thousand_characters()
    {
        // Every gap is the least that takes its number of characters: as many of 1,024 ms as an hour has room for beside 32 ms for the others.
        const int long_gaps = (3_599_999 - 9_999 * 32) / (1024 - 32);
        var text = Full(3600, hit => hit < long_gaps ? 1024 : 32).ToText();
        Assert.InRange(text.Length, 23_000, 23_999);
    }

    [Fact]
    public void A_burst_and_a_fixed_window_take_a_few_characters()
    {
        var sliding = RateWindow.Empty.Hit(new RateLimit(10_000, 60, RateLimitKind.Sliding), Noon, 10_000).Window;
        Assert.Equal("1:1761998400000:A*w4J", sliding.ToText());
        var window = RateWindow.Empty;
        for (var hit = 0; hit < 50_000; hit++)
        {
            window = window.Hit(new RateLimit(50_000, 3600, RateLimitKind.FixedHour), Noon.AddMilliseconds(hit * 70)).Window;
        }

        Assert.InRange(window.ToText().Length, 1, 25);
    }

    [Fact]
    public void A_window_is_a_plain_string_in_json()
    {
        var window = RateWindow.Empty.Hit(new RateLimit(3, 60, RateLimitKind.Sliding), Noon, 2).Window;
        var json = JsonSerializer.Serialize(window);
        Assert.Equal($"\"{window.ToText()}\"", json);
        Assert.Equal(window.ToText(), JsonSerializer.Deserialize<RateWindow>(json)!.ToText());
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<RateWindow>("\"2:0:\""));
    }

    [Theory]
    [InlineData("1:5:A*B", 1)]
    [InlineData("1:5:AC*C", 3)]
    [InlineData("1:5:A*______B", int.MaxValue)]
    public void Text_of_anything_that_can_have_been_hit_is_read(string text, int hits)
    {
        var limit = new RateLimit(RateLimit.MaxFixedLimit, 86_400, RateLimitKind.FixedHour);
        Assert.Equal(Math.Max(0, limit.Limit - hits), RateWindow.Parse(text).Peek(limit, DateTimeOffset.UnixEpoch).Remaining);
    }

    [Fact]
    public void A_hit_can_be_in_the_last_millisecond_that_there_is() =>
        Assert.Equal("1:253402300799999:A", RateWindow.Parse("1:253402300799999:A").ToText());

    [Theory]
    [InlineData("1::A")]
    [InlineData("1:253402300800000:A")]
    [InlineData("1:5:AggggggggB")]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1:")]
    [InlineData("1:5")]
    [InlineData("1:-5:A")]
    [InlineData("2:5:A")]
    [InlineData("1:5:B")]
    [InlineData("1:5:AA")]
    [InlineData("1:5:A*")]
    [InlineData("1:5:A*A")]
    [InlineData("1:5:A**B")]
    [InlineData("1:5:Ag")]
    [InlineData("1:5:A+")]
    [InlineData("1:5:A*gggggggggB")]
    [InlineData("1:5:Agggggggggggggggggggggg")]
    [InlineData("1:99999999999999999999:A")]
    [InlineData("1:9223372036854775807:A")]
    [InlineData("1:5:A*______C")]
    [InlineData("1:5:A*______BB*______B")]
    public void Text_of_anything_else_is_refused(string text) => Assert.Throws<FormatException>(() => RateWindow.Parse(text));

    private static RateWindow Full(int windowSeconds, Func<int, int> gap)
    {
        var limit = new RateLimit(10_000, windowSeconds, RateLimitKind.Sliding);
        var (window, at) = (RateWindow.Empty, Noon);
        for (var hit = 0; hit < 10_000; hit++)
        {
            var decision = window.Hit(limit, at);
            Assert.True(decision.Accepted);
            (window, at) = (decision.Window, at.AddMilliseconds(gap(hit)));
        }

        return window;
    }
}
