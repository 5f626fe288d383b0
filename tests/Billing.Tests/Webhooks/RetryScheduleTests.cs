using Billing.Webhooks;

namespace Billing.Tests.Webhooks;

public sealed class RetryScheduleTests
{
    private static readonly DateTimeOffset Noon = new(2025, 11, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1, "00:00:05")]
    [InlineData(2, "00:05:00")]
    [InlineData(3, "00:30:00")]
    [InlineData(4, "02:00:00")]
    [InlineData(5, "05:00:00")]
    [InlineData(6, "10:00:00")]
    [InlineData(7, "14:00:00")]
    [InlineData(8, "20:00:00")]
    [InlineData(9, "1.00:00:00")]
    public void Each_failed_attempt_is_followed_by_a_longer_wait(int attempt, string wait)
    {
        var expected = TimeSpan.Parse(wait, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(Noon + expected, RetrySchedule.NextAttemptAt(attempt, Noon, 0));
        Assert.Equal(Noon + expected * 2, RetrySchedule.NextAttemptAt(attempt, Noon, 1000));
        Assert.Equal(Noon + expected + expected / 10, RetrySchedule.NextAttemptAt(attempt, Noon, 100));
    }

    [Fact]
    public void The_tenth_failure_is_the_last()
    {
        Assert.Equal(10, RetrySchedule.MaxAttempts);
        Assert.Null(RetrySchedule.NextAttemptAt(10, Noon, 0));
        Assert.Null(RetrySchedule.NextAttemptAt(int.MaxValue, Noon, 0));
    }

    [Fact]
    public void Jitter_is_the_same_for_everyone_and_spread_over_its_range()
    {
        var jitters = Enumerable.Range(0, 5000).Select(number => RetrySchedule.JitterOf($"dlv_{number}", 1)).ToArray();
        Assert.All(jitters, jitter => Assert.InRange(jitter, 0, RetrySchedule.MaxJitterPermille));
        Assert.Equal(RetrySchedule.MaxJitterPermille + 1, jitters.Distinct().Count());
        Assert.Equal(RetrySchedule.JitterOf("dlv_7", 2), RetrySchedule.JitterOf("dlv_7", 2));
        Assert.Contains(Enumerable.Range(2, 8), attempt => RetrySchedule.JitterOf("dlv_7", attempt) != RetrySchedule.JitterOf("dlv_7", 1));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, -1)]
    [InlineData(1, 1001)]
    public void Attempts_count_from_one_and_jitter_is_at_most_the_wait_itself(int attempt, int jitter) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => RetrySchedule.NextAttemptAt(attempt, Noon, jitter));
}
