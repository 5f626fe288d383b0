namespace Billing.Tests;

public sealed class BasisTests
{
    [Theory]
    [InlineData(2900, 100_000, "29/1000USD")]
    [InlineData(999, 20_000, "999/20000USD")]
    [InlineData(10_000, 1_000, "10/1USD")]
    [InlineData(1, 1_000_000_000_000, "1/1000000000000USD")]
    [InlineData(1_000_000_000_000, 1, "1000000000000/1USD")]
    public void It_is_what_was_paid_over_what_was_granted_in_lowest_terms(long cents, long thousandths, string text)
    {
        var basis = Basis.Of(new Money(cents, "USD"), new Credits(thousandths));
        Assert.Equal(text, basis.ToString());
        Assert.True(Basis.TryParse(text, out var read));
        Assert.Equal(basis, read);
    }

    [Fact]
    public void What_is_free_or_unknown_or_nothing_has_none()
    {
        Assert.Null(Basis.Of(null, Credits.Of(10)));
        Assert.Null(Basis.Of(new Money(0, "USD"), Credits.Of(10)));
        Assert.Null(Basis.Of(new Money(100, "USD"), Credits.Zero));
    }

    /// <summary>No rounding is in it: whatever the sum and the credits, all of it costs exactly what was paid, and is read back.</summary>
    [Fact]
    public void All_of_the_credits_cost_exactly_what_was_paid()
    {
        var random = new Random(15);
        for (var i = 0; i < 10_000; i++)
        {
            var (cents, thousandths) = (random.NextInt64(1, 1_000_000_000_000), random.NextInt64(1, 1_000_000_000_000));
            var basis = Basis.Of(new Money(cents, "EUR"), new Credits(thousandths))!.Value;
            Assert.Equal((Int128)cents * basis.Thousandths, (Int128)basis.Minor * thousandths);
            Assert.True(Basis.TryParse(basis.ToString(), out var read) && read == basis);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("USD")]
    [InlineData("29")]
    [InlineData("29USD")]
    [InlineData("/1000USD")]
    [InlineData("29/USD")]
    [InlineData("-29/1000USD")]
    [InlineData("29/1,000USD")]
    [InlineData("2025-12-01T00:00:00Z")]
    public void Nothing_else_is_one(string text) => Assert.False(Basis.TryParse(text, out _));
}
