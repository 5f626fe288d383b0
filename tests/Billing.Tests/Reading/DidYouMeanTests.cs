using Billing.Reading;

namespace Billing.Tests.Reading;

public sealed class DidYouMeanTests
{
    [Theory]
    [InlineData("colour", "colors color", "color")]
    [InlineData("variantCount", "size variant_count", "variant_count")]
    [InlineData("VARIANT_COUNT", "size variant_count", "variant_count")]
    [InlineData("bacdef", "abcdef", "abcdef")]
    [InlineData("abcde", "abcdef", "abcdef")]
    [InlineData("abcdefg", "abcdef", "abcdef")]
    [InlineData("abcdefgh", "abcdef", "abcdef")]
    [InlineData("abcdefghi", "abcdef", null)]
    [InlineData("axc", "abc", "abc")]
    [InlineData("axy", "abc", null)]
    [InlineData("a_B", "ab", "ab")]
    [InlineData("ac", "ab", null)]
    [InlineData("abcxy", "abcde", null)]
    [InlineData("abcdexyz", "abcdefgh", null)]
    [InlineData("", "abc", null)]
    public void The_nearest_name_is_at_most_two_letters_away_and_a_third_of_its_own_length(string written, string names, string? closest) =>
        Assert.Equal(closest, DidYouMean.Closest(written, names.Split(' ')));

    [Theory]
    [InlineData(40, true)]
    [InlineData(41, false)]
    public void What_is_longer_than_forty_characters_is_not_compared(int length, bool compared) =>
        Assert.Equal(compared, DidYouMean.Closest(new string('a', length), [new string('a', length)]) is not null);
}
