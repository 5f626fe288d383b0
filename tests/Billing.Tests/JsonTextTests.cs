using System.Globalization;
using System.Text.Json;

namespace Billing.Tests;

/// <summary>What a decimal holds with certainty: 28 digits, and 28 places.</summary>
public sealed class JsonTextTests
{
    [Theory]
    [InlineData("1234567890123456789012345678")]
    [InlineData("0.1234567890123456789012345678")]
    [InlineData("-0.0000000000000000000000000001")]
    [InlineData("1e-28", "0.0000000000000000000000000001")]
    [InlineData("12.50e-27", "0.0000000000000000000000000125")]
    [InlineData("1.5E1", "15")]
    [InlineData("1e28", "10000000000000000000000000000")]
    [InlineData("0.00000000000000000000000000000000000000", "0")]
    public void A_number_that_a_decimal_holds_is_read(string json, string? number = null) =>
        Assert.Equal(decimal.Parse(number ?? json, CultureInfo.InvariantCulture), JsonText.Number(JsonElement.Parse(json)));

    [Theory]
    [InlineData("12345678901234567890123456789")]
    [InlineData("0.00000000000000000000000000001")]
    [InlineData("1e-29")]
    [InlineData("12.5e-28")]
    [InlineData("1e-3000000000")]
    [InlineData("1e29")]
    [InlineData("\"1\"")]
    [InlineData("true")]
    [InlineData("null")]
    public void One_that_it_would_round_or_cannot_hold_is_none(string json) => Assert.Null(JsonText.Number(JsonElement.Parse(json)));

    [Theory]
    [InlineData("\"a\"", "a")]
    [InlineData("\"\\ud800\"", null)]
    [InlineData("1", null)]
    [InlineData("null", null)]
    [InlineData("{}", null)]
    public void Text_is_what_a_string_says(string json, string? text) => Assert.Equal(text, JsonText.In(JsonElement.Parse(json)));
}
