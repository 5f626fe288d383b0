using System.Text.Json;
using Billing.Catalogs;

namespace Billing.Tests.Catalogs;

public sealed class CatalogViewTests
{
    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    [Fact]
    public void Customers_see_every_plan()
    {
        var plans = Request.Bluma.View().Plans;
        Assert.Equal(["free", "starter", "pro", "enterprise"], plans.Select(plan => plan.Id));
        Assert.Equal(Credits.Of(100), plans[1].MonthlyAllowance);
        Assert.Null(plans[1].AllowanceRange);
        Assert.Equal(new Money(50, "USD"), plans[1].Overage);
        Assert.Equal(new RateLimitView(1000, 3600, "fixed_hour"), plans[1].RateLimit);
        Assert.Null(plans[3].MonthlyAllowance);
        Assert.Equal(new Allowance(Credits.Of(3000), null), plans[3].AllowanceRange);
        Assert.Equal("once", Request.Gleam.View().Plans[2].Billing);
        Assert.Equal(["basic"], Request.Gleam.View().Plans[0].TemplateTiers);
    }

    [Fact]
    public void Customers_see_how_a_price_is_made()
    {
        var pricing = Request.Bluma.View().Pricing;
        Assert.Equal(Request.Bluma.PriceVersion, pricing.Version);
        Assert.Equal(["template", "choice", "integer", "choice"], pricing.Fields.Select(field => field.Type));
        Assert.Equal(["template", "blocks", "lookup", "lookup"], pricing.Factors.Select(factor => factor.Kind));
        Assert.Equal(30, pricing.Factors[1].BlockSize);
        Assert.Equal(1.5m, pricing.Factors[2].Values!["1080p"]);
        Assert.Equal(["integer"], Request.Bloom.View().Pricing.Factors.Skip(1).Select(factor => factor.Kind));
        Assert.Equal(1, Request.Gleam.View().Pricing.Factors[0].Value);
        Assert.Equal(["basic", "basic-*", "*"], Request.Gleam.View().Templates.Select(template => template.Id));
        Assert.Empty(Request.Bloom.View().Templates);
    }

    [Fact]
    public void The_view_is_plain_JSON()
    {
        var json = JsonSerializer.SerializeToElement(Request.Bluma.View(), SnakeCase);
        var starter = json.GetProperty("plans")[1];
        Assert.Equal(100, starter.GetProperty("monthly_allowance").GetInt32());
        Assert.Equal(2900, starter.GetProperty("price").GetProperty("amount_minor").GetInt32());
        Assert.False(starter.GetProperty("entitlements").GetProperty("watermark").GetBoolean());
        Assert.Equal("email", starter.GetProperty("entitlements").GetProperty("support").GetString());
        Assert.Equal(30, json.GetProperty("pricing").GetProperty("fields")[2].GetProperty("default").GetInt32());
        Assert.Equal(5, json.GetProperty("templates")[2].GetProperty("attributes").GetProperty("base").GetInt32());
        Assert.Equal(10, json.GetProperty("top_ups").GetProperty("min_credits").GetInt32());
    }

    [Theory]
    [InlineData("\"text\"")]
    [InlineData("1.5")]
    [InlineData("true")]
    [InlineData("false")]
    public void A_scalar_survives_JSON(string json)
    {
        var scalar = JsonSerializer.Deserialize<Scalar>(json);
        Assert.Equal(json, JsonSerializer.Serialize(scalar));
        Assert.Equal(json.Trim('"'), scalar.ToString());
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("1e300")]
    public void What_is_no_scalar_is_refused(string json) => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Scalar>(json));
}
