using Billing.Webhooks;

namespace Billing.Tests.Webhooks;

public sealed class RetryAfterTests
{
    private static readonly DateTimeOffset Now = new(1994, 11, 6, 8, 49, 7, TimeSpan.Zero);

    [Theory]
    [InlineData("0", 0)]
    [InlineData(" 30 ", 30)]
    [InlineData("86399", 86_399)]
    [InlineData("86400", 86_400)]
    [InlineData("86401", 86_400)]
    [InlineData("9999999999999999999999", 86_400)]
    [InlineData("Sun, 06 Nov 1994 08:49:37 GMT", 30)]
    [InlineData("Sunday, 06-Nov-94 08:49:37 GMT", 30)]
    [InlineData("Sun Nov  6 08:49:37 1994", 30)]
    [InlineData("Sun, 06 Nov 1994 08:00:00 GMT", 0)]
    [InlineData("Fri, 06 Nov 2099 08:49:37 GMT", 86_400)]
    [InlineData("-1", null)]
    [InlineData("1.5", null)]
    [InlineData("٣", null)]
    [InlineData("Sun, 06 Nov 1994 08:49:37 +0100", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void It_is_seconds_or_a_date_and_a_day_at_most(string? value, int? seconds) =>
        Assert.Equal(seconds is { } wait ? TimeSpan.FromSeconds(wait) : null, RetryAfter.Read(value, Now));
}
