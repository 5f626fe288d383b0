using Billing.Webhooks;
using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.ReportedElsewhere;

public sealed class WebhookTests
{
    private static readonly DateTimeOffset Now = At("2025-11-01T00:00:00Z");

    // An address check looked at the name as it was written: other scripts' full stops and a stop at the end made 127.0.0.1 pass for a name.
    [Theory]
    [InlineData("https://127。0。0。1/")]
    [InlineData("https://169.254.169．254/v1")]
    [InlineData("https://10.0.0｡1/")]
    [InlineData("https://127.0.0.1./")]
    [InlineData("https://127.0.0.1。/")]
    [InlineData("https://10.0.0.1./")]
    [InlineData("https://0x7f.0.0.1./")]
    [InlineData("https://2130706433./")]
    public void An_address_is_none_the_better_for_its_full_stops(string url) => Assert.NotNull(WebhookUrl.MistakeIn(url, development: false));

    // Jitter was taken off what the receiver had asked for, so that it was called again too early.
    [Fact]
    public void Nobody_is_called_before_the_time_they_asked_for() => Assert.All(Enumerable.Range(1, RetrySchedule.MaxAttempts - 1), tries =>
    {
        var asked = TimeSpan.FromHours(23.5);
        Assert.True(Failed(tries, asked).NextAttemptAt >= Now + asked);
    });

    // "Retry-After: 0" meant "at once, and again, and again": the schedule was gone.
    [Theory]
    [InlineData("0")]
    [InlineData("00000")]
    [InlineData("Thu, 01 Jan 1970 00:00:00 GMT")]
    public void Who_asks_for_no_wait_gets_the_schedules(string header)
    {
        var answered = RetryAfter.Read(header, Now);
        Assert.Equal(Failed(3, null).NextAttemptAt, Failed(3, answered).NextAttemptAt);
        Assert.Null(Failed(RetrySchedule.MaxAttempts, answered).NextAttemptAt);
    }

    // A receiver that named the year 9999 was never called again, and held its place for ever.
    [Theory]
    [InlineData("Fri, 31 Dec 9999 23:59:59 GMT")]
    [InlineData("999999999999999999999999999999")]
    public void Nobody_puts_us_off_for_more_than_a_day(string header) =>
        Assert.True(Failed(1, RetryAfter.Read(header, Now)).NextAttemptAt <= Now + TimeSpan.FromDays(1));

    // What was switched on again still had the failures from before, so that its first mishap switched it off.
    [Fact]
    public void An_endpoint_that_is_enabled_again_has_its_five_days_again()
    {
        var failing = new EndpointHealth { EndpointKey = "k" }.After(succeeded: false, Now, Now);
        var tested = Now + TimeSpan.FromDays(6);
        Assert.True(failing.IsGivenUp(tested));

        var again = failing.After(succeeded: true, tested, tested);
        var mishap = tested + TimeSpan.FromMinutes(1);
        Assert.False(again.After(succeeded: false, mishap, mishap).IsGivenUp(mishap));
    }

    private static WebhookDelivery Failed(int tries, TimeSpan? retryAfter) =>
        (WebhookDelivery.New("k", 1, "ping", Now) with { Tries = tries - 1 }).After(new DeliveryAttempt(Now, 429, 1, "", null), "dlv_1", Now, retryAfter);
}
