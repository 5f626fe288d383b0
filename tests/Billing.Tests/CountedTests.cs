namespace Billing.Tests;

public sealed class CountedTests
{
    [Theory]
    [InlineData(0, "0 credits are")]
    [InlineData(999, "0.999 credits are")]
    [InlineData(1_000, "1 credit is")]
    [InlineData(1_001, "1.001 credits are")]
    [InlineData(2_000, "2 credits are")]
    public void One_credit_is_and_all_others_are(long thousandths, string words) =>
        Assert.Equal(words, $"{Counted.Of(new Credits(thousandths), "credit")} {Counted.Are(new Credits(thousandths))}");

    [Theory]
    [InlineData(0, "0 generations are")]
    [InlineData(1, "1 generation is")]
    [InlineData(2, "2 generations are")]
    public void So_it_is_with_whatever_is_counted(long count, string words) => Assert.Equal(words, $"{Counted.Of(count, "generation")} {Counted.Are(count)}");
}
