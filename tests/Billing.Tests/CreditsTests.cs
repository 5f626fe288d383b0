using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Billing.Tests;

public sealed class CreditsTests
{
    [Theory]
    [InlineData("6", 6_000, "6")]
    [InlineData("6.000", 6_000, "6")]
    [InlineData("2.25", 2_250, "2.25")]
    [InlineData("0.001", 1, "0.001")]
    [InlineData("-0.5", -500, "-0.5")]
    [InlineData("0", 0, "0")]
    [InlineData("1000000000", 1_000_000_000_000, "1000000000")]
    [InlineData("-1000000000", -1_000_000_000_000, "-1000000000")]
    [InlineData("999999999.999", 999_999_999_999, "999999999.999")]
    public void An_amount_is_kept_in_thousandths_and_written_without_trailing_zeros(string amount, long thousandths, string text)
    {
        Assert.True(Credits.TryFrom(decimal.Parse(amount, CultureInfo.InvariantCulture), out var credits));
        Assert.Equal((thousandths, text), (credits.Thousandths, credits.ToString()));
        Assert.Equal(text, JsonSerializer.Serialize(credits));
        Assert.Equal(credits, JsonSerializer.Deserialize<Credits>(amount));
        Assert.Equal(text, credits.ToDecimal().ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public void No_amount_is_written_with_trailing_zeros()
    {
        var random = new Random(1);
        for (var round = 0; round < 100_000; round++)
        {
            var credits = new Credits(round % 2 == 0 ? round : random.NextInt64(-Credits.Limit.Thousandths, Credits.Limit.Thousandths));
            var (text, whole) = (credits.ToString(), credits.Thousandths % 1000 == 0);
            Assert.Equal(whole, !text.Contains('.', StringComparison.Ordinal));
            Assert.True(whole || text[^1] != '0', text);
            Assert.Equal(credits.Thousandths, credits.ToDecimal() * 1000);
        }
    }

    [Theory]
    [InlineData("0.0001")]
    [InlineData("1.2345")]
    [InlineData("1000000000.001")]
    [InlineData("-1000000000.001")]
    [InlineData("79228162514264337593543950335")]
    [InlineData("-79228162514264337593543950335")]
    public void Finer_than_a_thousandth_or_beyond_a_thousand_million_is_no_amount(string amount)
    {
        Assert.False(Credits.TryFrom(decimal.Parse(amount, CultureInfo.InvariantCulture), out var credits));
        Assert.Equal(Credits.Zero, credits);
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Credits>(amount));
    }

    [Theory]
    [InlineData("1e400")]
    [InlineData("\"6\"")]
    [InlineData("true")]
    [InlineData("{}")]
    public void What_is_not_a_number_is_no_amount(string json) =>
        Assert.ThrowsAny<Exception>(() => JsonSerializer.Deserialize<Credits>(json));

    [Fact]
    public void A_share_is_the_least_amount_that_is_no_less_than_its_part()
    {
        var random = new Random(1);
        for (var round = 0; round < 100_000; round++)
        {
            var whole = random.NextInt64(1, 1_000_000_000);
            var part = random.NextInt64(0, whole + 1);
            var credits = new Credits(random.NextInt64(0, Credits.Limit.Thousandths + 1));
            var share = credits.ShareRoundedUp(part, whole);
            var exact = (BigInteger)credits.Thousandths * part;
            Assert.True((BigInteger)share.Thousandths * whole >= exact && (BigInteger)(share.Thousandths - 1) * whole < exact);
            Assert.True(share <= credits);
        }

        Assert.Equal(Credits.Limit, Credits.Limit.ShareRoundedUp(long.MaxValue, long.MaxValue));
        Assert.Equal(Credits.Zero, Credits.Of(5).ShareRoundedUp(0, 3));
    }

    [Fact]
    public void Arithmetic_that_overflows_is_an_error_never_a_wrong_balance()
    {
        Assert.Throws<OverflowException>(() => new Credits(long.MaxValue) + new Credits(1));
        Assert.Throws<OverflowException>(() => new Credits(long.MinValue) - new Credits(1));
        Assert.Throws<OverflowException>(() => -new Credits(long.MinValue));
        Assert.Throws<OverflowException>(() => Credits.Of(long.MaxValue / 1000 + 1));
        Assert.Throws<OverflowException>(() => new Money(long.MaxValue, "USD").Times(2));
    }

    [Fact]
    public void Amounts_compare_add_and_subtract_as_numbers_do()
    {
        var (less, more) = (Credits.Of(2), new Credits(2_001));
        Assert.True(less < more && more > less && less <= more && more >= less && less.CompareTo(more) < 0);
        Assert.True(less <= new Credits(2_000) && less >= new Credits(2_000));
        Assert.False(less < new Credits(2_000) || less > new Credits(2_000));
        Assert.Equal((less, less), (Credits.Min(less, more), Credits.Min(more, less)));
        Assert.Equal((new Credits(4_001), new Credits(-1), new Credits(-2_000)), (less + more, less - more, -less));
        Assert.Equal(new Money(150, "USD"), new Money(50, "USD").Times(3));
    }
}
