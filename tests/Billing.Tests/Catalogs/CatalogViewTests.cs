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
        Assert.Equal(["monthly", "monthly", "once"], Request.Gleam.View().Plans.Select(plan => plan.Billing));
        Assert.Equal([true, false, false], Request.Gleam.View().Plans.Select(plan => plan.Free));
        Assert.Equal(new RateLimitView(5, 3600, "fixed_hour", "generations"), Request.Gleam.View().Plans[0].RateLimit);
        Assert.Equal(new RateLimitView(120, 60, "sliding"), Request.Bloom.View().Plans[0].RateLimit);
        Assert.Equal([1L, 5L, 10L], Request.Gleam.View().Plans.Select(plan => plan.Limits["concurrency"]));
        Assert.Null(plans[1].Limits["concurrency"]);
        Assert.Equal([false, true], Catalog.Parse(Request.File("bluma", file => file["plans"]![3]!["hard_stop"] = true)).View().Plans.TakeLast(2).Select(plan => plan.HardStop));
        Assert.Equal(["basic"], Request.Gleam.View().Plans[0].TemplateTiers);
    }

    [Fact]
    public void Customers_see_what_holds_before_they_choose_a_plan()
    {
        var (bloom, bluma) = (Request.Bloom.View(), Request.Bluma.View());
        Assert.Equal((null, Credits.Of(10)), (bloom.DefaultPlan, bloom.SignUpCredits));
        Assert.Equal(("free", null), (bluma.DefaultPlan, bluma.SignUpCredits));
        Assert.Equal(new RateLimitView(120, 60, "sliding"), bloom.WithoutPlan.RateLimit);
        Assert.Equal(new RateLimitView(5000, 3600, "fixed_hour"), bluma.TestRateLimit);
        Assert.Null(bloom.TestRateLimit);
        Assert.True(Request.Bloom.Base is { Free: false, HardStop: false, Price: null, OverageUnitPrice: null });
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
