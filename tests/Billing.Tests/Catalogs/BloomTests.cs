using Billing.Catalogs;
using Billing.RateLimits;

namespace Billing.Tests.Catalogs;

public sealed class BloomTests
{
    [Theory]
    [InlineData("2K", 1, 1)]
    [InlineData("4K", 1, 2)]
    [InlineData("2K", 3, 3)]
    [InlineData("4K", 3, 6)]
    [InlineData("2K", 20, 20)]
    [InlineData("4K", 20, 40)]
    public void An_image_costs_its_size_times_its_variants(string size, int variants, int credits)
    {
        var usage = Request.Bloom.Parse($$"""{"size": "{{size}}", "variant_count": {{variants}}}""");
        var price = Request.Bloom.Price(usage);
        Assert.Equal(Credits.Of(credits), price.Cost);
        Assert.Equal(variants, price.Units);
        Assert.Equal<PriceFactor>([new("size", size == "2K" ? 1 : 2), new("variant_count", variants)], price.Breakdown);
        Assert.Equal(Request.Bloom.PriceVersion, price.PriceVersion);
    }

    [Fact]
    public void One_variant_is_the_default() => Assert.Equal(2, Request.Bloom.Cost("""{"size": "4K"}"""));

    [Fact]
    public void Variants_are_spelled_Blooms_way_too() => Assert.Equal(6, Request.Bloom.Cost("""{"size": "4K", "variantCount": 3}"""));

    [Theory]
    [InlineData("plus", "Plus", 50)]
    [InlineData("pro", "Pro", 100)]
    [InlineData("max", "Max", 200)]
    public void A_plan_has_its_credits_and_a_price_of_the_sellers(string id, string name, int credits)
    {
        var plan = Request.Bloom.Plan(id);
        Assert.Equal(name, plan.Name);
        Assert.True(plan.Allowance.TryChoose(null, out var allowance, out _));
        Assert.Equal(Credits.Of(credits), allowance);
        Assert.Null(plan.Price);
        Assert.Null(plan.OverageUnitPrice);
        Assert.False(plan.Free);
        Assert.Equal((new RateLimit(120, 60, RateLimitKind.Sliding), (long?)null), plan.Limits.Figures());
        Assert.Equal(Scalar.Of(true), plan.Entitlements["mcp_access"]);
    }

    [Theory]
    [InlineData(299, false)]
    [InlineData(300, true)]
    [InlineData(2000, true)]
    [InlineData(2001, false)]
    public void Scale_has_300_to_2000_credits_to_choose_from(int chosen, bool accepted)
    {
        Assert.Equal(accepted, Request.Bloom.Plan("scale").Allowance.TryChoose(Credits.Of(chosen), out var allowance, out var refusal));
        if (accepted)
        {
            Assert.Equal(Credits.Of(chosen), allowance);
        }
        else
        {
            Assert.Equal(RefusalCodes.InvalidRequest, refusal!.Code);
            Assert.Equal<string>(["must be from 300 to 2000"], refusal.Errors!["credits"]);
        }
    }

    [Fact]
    public void Accounts_start_without_a_plan_with_ten_credits_and_120_requests_a_minute()
    {
        Assert.Null(Request.Bloom.DefaultPlan);
        Assert.Equal(Credits.Of(10), Request.Bloom.SignUpGrant);
        Assert.Equal((new RateLimit(120, 60, RateLimitKind.Sliding), (long?)null), Request.Bloom.Base.Limits.Figures());
        Assert.Equal(Request.Bloom.Base.Limits, Request.Bloom.LimitsOf(null));
        Assert.Equal(Scalar.Of("full"), Request.Bloom.EntitlementsOf(null)["quality"]);
    }

    [Theory]
    [InlineData(5, 5L)]
    [InlineData(4, 4L)]
    [InlineData(0, null)]
    [InlineData(-3, null)]
    [InlineData(1000, 20L)]
    public void What_is_affordable_is_told_in_variants(int available, long? variants)
    {
        var usage = Request.Bloom.Parse("""{"size": "2K", "variant_count": 7}""");
        Assert.Equal(variants, Request.Bloom.MaxAffordable(usage, Credits.Of(available)).TryGetValue("variant_count", out var most) ? most : (long?)null);
    }

    [Fact]
    public void One_4K_variant_is_affordable_with_two_credits_of_the_six() =>
        Assert.Equal(1, Request.Bloom.MaxAffordable(Request.Bloom.Parse("""{"size": "4K", "variant_count": 3}"""), Credits.Of(2))["variant_count"]);
}
