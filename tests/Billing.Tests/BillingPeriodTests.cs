namespace Billing.Tests;

public sealed class BillingPeriodTests
{
    [Fact]
    public void Periods_follow_each_other_without_gap_or_overlap_for_a_hundred_years()
    {
        foreach (var day in new[] { 1, 15, 28, 29, 30, 31 })
        {
            var anchor = new DateTimeOffset(2023, 12, day, 23, 59, 59, 999, TimeSpan.Zero);
            for (var index = 0; index < 1200; index++)
            {
                var period = BillingPeriod.At(anchor, index);
                Assert.Equal(period.EndsAt, BillingPeriod.At(anchor, index + 1).StartsAt);
                Assert.Equal(period, BillingPeriod.Containing(anchor, period.StartsAt));
                Assert.Equal(period, BillingPeriod.Containing(anchor, period.EndsAt.AddMilliseconds(-1)));
                Assert.Equal(Math.Min(day, DateTime.DaysInMonth(period.StartsAt.Year, period.StartsAt.Month)), period.StartsAt.Day);
                Assert.Equal(anchor.TimeOfDay, period.StartsAt.TimeOfDay);
            }
        }
    }

    [Fact]
    public void The_period_of_an_instant_is_the_one_that_counting_on_finds()
    {
        var random = new Random(1);
        for (var round = 0; round < 20_000; round++)
        {
            var anchor = DateTimeOffset.UnixEpoch.AddMilliseconds(random.NextInt64(2_000_000_000_000));
            var now = anchor.AddSeconds(random.NextInt64(400_000_000));
            var index = 0;
            while (anchor.AddMonths(index + 1) <= now)
            {
                index++;
            }

            Assert.Equal(BillingPeriod.At(anchor, index), BillingPeriod.Containing(anchor, now));
        }
    }

    [Fact]
    public void Before_its_anchor_an_instant_belongs_to_the_first_period()
    {
        var anchor = new DateTimeOffset(2025, 1, 31, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal(0, BillingPeriod.Containing(anchor, anchor.AddYears(-1)).Index);
    }
}
