using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.ReportedElsewhere;

public sealed class AnniversaryTests
{
    public static TheoryData<string> Anchors =>
    [
        "2023-12-29T12:00:00Z", "2023-12-30T00:00:00Z", "2023-12-31T23:59:59Z", "2024-01-31T00:00:00Z", "2024-02-29T06:30:00Z", "2025-01-31T10:00:00Z",
        "2096-02-29T00:00:00Z", "2000-01-31T23:00:00Z",
    ];

    // Periods of those who began on the 29th to 31st overlapped or left a day out, so that it was billed twice or never.
    [Theory]
    [MemberData(nameof(Anchors))]
    public void Periods_follow_one_another_without_gap_or_overlap_for_ten_years(string anchor)
    {
        var from = At(anchor);
        Assert.All(Enumerable.Range(0, 120), index =>
        {
            var period = BillingPeriod.At(from, index);
            Assert.Equal(period.EndsAt, BillingPeriod.At(from, index + 1).StartsAt);
            Assert.InRange((period.EndsAt - period.StartsAt).TotalDays, 28, 31);
        });
    }

    // The period that a day belongs to depended on when it was asked for.
    [Theory]
    [MemberData(nameof(Anchors))]
    public void Whenever_it_is_asked_the_period_is_the_same(string anchor)
    {
        var from = At(anchor);
        Assert.All(Enumerable.Range(0, 60), index =>
        {
            var period = BillingPeriod.At(from, index);
            DateTimeOffset[] moments = [period.StartsAt, period.StartsAt.AddMilliseconds(1), period.StartsAt.AddDays(15), period.EndsAt.AddMilliseconds(-1)];
            Assert.All(moments, moment => Assert.Equal(period, BillingPeriod.Containing(from, moment)));
        });
    }

    // Once a short month had moved the 31st to the 28th, it stayed there.
    [Theory]
    [MemberData(nameof(Anchors))]
    public void The_day_is_the_anchors_or_the_last_of_a_shorter_month(string anchor)
    {
        var from = At(anchor);
        Assert.All(Enumerable.Range(0, 120).Select(index => BillingPeriod.At(from, index).StartsAt), at =>
            Assert.Equal((Math.Min(from.Day, DateTime.DaysInMonth(at.Year, at.Month)), from.TimeOfDay), (at.Day, at.TimeOfDay)));
    }

    // The server's own time zone moved the anniversary by a day for customers who had signed up near midnight.
    [Fact]
    public void An_anniversary_is_the_same_whatever_offset_it_was_written_with() => Assert.All(["2025-01-31T23:30:00Z", "2025-02-01T13:30:00+14:00", "2025-01-31T11:30:00-12:00"], start =>
    {
        var workspace = Of("bluma", "2025-02-10T00:00:00Z").Subscribe("starter", startedAt: start);
        Assert.Equal(At("2025-02-28T23:30:00Z"), workspace.Subscription.PeriodEndsAt);
    });
}
