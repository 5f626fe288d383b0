using System.Globalization;

namespace Billing.Tests;

public sealed class CalendarMonthTests
{
    [Theory]
    [InlineData("2025-11-01T00:00:00Z", "2025-11")]
    [InlineData("2025-11-30T23:59:59.999Z", "2025-11")]
    [InlineData("2025-12-01T00:00:00Z", "2025-12")]
    [InlineData("2026-01-01T00:30:00+01:00", "2025-12")]
    [InlineData("2025-12-31T23:30:00-01:00", "2026-01")]
    [InlineData("2024-02-29T12:00:00Z", "2024-02")]
    public void An_instant_belongs_to_its_month_in_utc(string instant, string month)
    {
        var at = DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture);
        var found = CalendarMonth.Of(at);
        Assert.Equal(month, found.ToString());
        Assert.True(found.StartsAt <= at && at < found.EndsAt);
    }

    [Fact]
    public void Months_follow_each_other()
    {
        var month = CalendarMonth.Of(new DateTimeOffset(2000, 1, 15, 0, 0, 0, TimeSpan.Zero));
        for (var i = 0; i < 1200; i++)
        {
            var next = new CalendarMonth(month.Number + 1);
            Assert.Equal(month.EndsAt, next.StartsAt);
            Assert.Equal(next, CalendarMonth.Of(month.EndsAt));
            month = next;
        }

        Assert.Equal("2100-01", month.ToString());
    }
}
