using System.Text.Json;

namespace Billing.Tests;

public sealed class ScalarTests
{
    [Theory]
    [InlineData("\"PNG\"", true)]
    [InlineData("\"png\"", true)]
    [InlineData("\"jpeg\"", false)]
    [InlineData("7", false)]
    [InlineData("[]", false)]
    public void A_text_is_the_same_in_any_case(string json, bool same) => Assert.Equal(same, Scalar.Of("png").IsWrittenAs(JsonElement.Parse(json)));

    [Theory]
    [InlineData("30.0", true)]
    [InlineData("3e1", true)]
    [InlineData("31", false)]
    [InlineData("\"30\"", false)]
    [InlineData("true", false)]
    public void A_number_is_the_same_however_it_is_written(string json, bool same) => Assert.Equal(same, Scalar.Of(30).IsWrittenAs(JsonElement.Parse(json)));

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    [InlineData("\"true\"", false)]
    public void A_flag_is_a_flag(string json, bool same) => Assert.Equal(same, Scalar.Of(true).IsWrittenAs(JsonElement.Parse(json)));
}
