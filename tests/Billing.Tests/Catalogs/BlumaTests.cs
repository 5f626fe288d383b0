using Billing.Catalogs;
using Billing.RateLimits;

namespace Billing.Tests.Catalogs;

public sealed class BlumaTests
{
    [Theory]
    [InlineData("consumerclub-discord-zoomed", "1080p", 30, 6)]
    [InlineData("product-showcase", "4K", 60, 27)]
    [InlineData("news-anchor", "1080p", 90, 45)]
    public void The_documents_examples_cost_what_they_say(string template, string resolution, int duration, int credits) =>
        Assert.Equal(credits, Request.Bluma.Cost($$"""{"template_id": "{{template}}", "resolution": "{{resolution}}", "duration": {{duration}}}"""));

    [Fact]
    public void A_price_names_its_factors()
    {
        var price = Request.Bluma.Price(Request.Bluma.Parse("""{"template_id": "product-showcase", "resolution": "4K", "duration": 31}"""));
        Assert.Equal<PriceFactor>([new("base", 3), new("duration", 2), new("resolution", 3), new("complexity", 1.5m)], price.Breakdown);
        Assert.Equal(1, price.Units);
    }

    [Fact]
    public void Resolution_and_duration_have_defaults() =>
        Assert.Equal(3 * 1 * 1 * 1.5m, Request.Bluma.Cost("""{"template_id": "product-showcase"}"""));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(30, 1)]
    [InlineData(31, 2)]
    [InlineData(60, 2)]
    [InlineData(61, 3)]
    [InlineData(3600, 120)]
    public void Every_30_seconds_begun_count(int duration, int blocks) =>
        Assert.Equal(blocks * 4.5m, Request.Bluma.Cost($$"""{"template_id": "product-showcase", "duration": {{duration}}}"""));

    [Theory]
    [InlineData("product-showcase", "basic", 3)]
    [InlineData("product-showcase", "advanced", 4.5)]
    [InlineData("product-showcase", "ai", 6)]
    [InlineData("news-anchor", "basic", 5)]
    public void The_templates_own_complexity_is_only_its_default(string template, string complexity, decimal credits) =>
        Assert.Equal(credits, Request.Bluma.Cost($$"""{"template_id": "{{template}}", "complexity": "{{complexity}}"}"""));

    [Fact]
    public void The_ledger_keeps_the_samples_metadata()
    {
        var metadata = Request.Bluma.Parse("""{"template_id": "consumerclub-discord-zoomed", "resolution": "1080p"}""").Values;
        Assert.Equal(
            [new("duration", Scalar.Of(30)), new("resolution", Scalar.Of("1080p")), new("template_id", Scalar.Of("consumerclub-discord-zoomed"))],
            metadata);
    }

    [Theory]
    [InlineData("basic", "advanced", 7.5)]
    [InlineData("ai", "ai", 10)]
    [InlineData(null, null, 10)]
    public void Where_a_template_has_a_floor_nothing_is_below_it_and_the_ledger_keeps_what_was_charged(string? complexity, string? kept, decimal credits)
    {
        var catalog = Catalog.Parse(Request.File("bluma", file =>
        {
            file["pricing"]!["fields"]![3]!["floor"] = "least";
            file["templates"]![2]!["attributes"]!["least"] = "advanced";
        }));
        var asked = complexity is null ? "" : $", \"complexity\": \"{complexity}\"";
        var usage = catalog.Parse($"{{\"template_id\": \"news-anchor\"{asked}}}");
        Assert.Equal(credits, catalog.Price(usage).Cost.ToDecimal());
        Assert.Equal(kept, usage.Values.TryGetValue("complexity", out var value) ? value.Text : null);
        Assert.Equal(3, catalog.Cost("""{"template_id": "product-showcase", "complexity": "basic"}"""));
    }

    [Theory]
    [InlineData("4k", "4K")]
    [InlineData("1080P", "1080p")]
    public void Choices_are_read_in_any_case_and_kept_as_the_catalog_spells_them(string resolution, string kept) => Assert.Equal(
        Scalar.Of(kept), Request.Bluma.Parse($$"""{"template_id": "news-anchor", "resolution": "{{resolution}}"}""").Values["resolution"]);

    [Theory]
    [InlineData("free", "Free", 10, 0L, null, 100)]
    [InlineData("starter", "Starter", 100, 2900L, 50L, 1000)]
    [InlineData("pro", "Pro", 500, 9900L, 50L, 5000)]
    public void A_plan_has_its_figures(string id, string name, int credits, long price, long? overage, int hourly)
    {
        var plan = Request.Bluma.Plan(id);
        Assert.Equal(name, plan.Name);
        Assert.Equal(Credits.Of(credits), plan.Allowance.Fixed);
        Assert.Equal(new Money(price, "USD"), plan.Price);
        Assert.Equal(overage is { } unit ? new Money(unit, "USD") : null, plan.OverageUnitPrice);
        Assert.Equal(price == 0, plan.Free);
        Assert.Equal(BillingInterval.Monthly, plan.Billing);
        Assert.Equal((new RateLimit(hourly, 3600, RateLimitKind.FixedHour), (long?)null), plan.Limits.Figures());
        Assert.Equal(Scalar.Of(id == "free"), plan.Entitlements["watermark"]);
        Assert.Null(plan.TemplateTiers);
    }

    [Theory]
    [InlineData("free", "normal", "community", false)]
    [InlineData("starter", "normal", "email", false)]
    [InlineData("pro", "high", "priority", true)]
    [InlineData("enterprise", "high", "dedicated", true)]
    public void A_plan_gives_what_the_document_lists(string id, string priority, string support, bool branding)
    {
        var entitlements = Request.Bluma.Plan(id).Entitlements;
        Assert.Equal(Scalar.Of(priority), entitlements["priority"]);
        Assert.Equal(Scalar.Of(support), entitlements["support"]);
        Assert.Equal(Scalar.Of(branding), entitlements["custom_branding"]);
        Assert.Equal(Scalar.Of(id == "enterprise"), entitlements["custom_templates"]);
        Assert.Equal(Scalar.Of(id == "enterprise"), entitlements["sla"]);
    }

    [Fact]
    public void Enterprise_has_3000_credits_or_more_to_choose()
    {
        var plan = Request.Bluma.Plan("enterprise");
        Assert.True(plan.Allowance.TryChoose(Credits.Of(3000), out _, out _));
        Assert.True(plan.Allowance.TryChoose(Credits.Limit, out _, out _));
        Assert.False(plan.Allowance.TryChoose(Credits.Of(2999), out _, out var tooFew));
        Assert.Equal<string>(["must be at least 3000, at most 1000000000"], tooFew.Errors!["credits"]);
        Assert.False(plan.Allowance.TryChoose(Credits.Limit + Credits.Of(1), out _, out _));
        Assert.False(plan.Allowance.TryChoose(null, out _, out var missing));
        Assert.StartsWith("choose", missing.Errors!["credits"][0], StringComparison.Ordinal);
        Assert.Null(plan.Price);
        Assert.Equal(50_000, plan.Limits.Rate.Limit);
    }

    [Fact]
    public void A_fixed_allowance_is_not_chosen()
    {
        var starter = Request.Bluma.Plan("starter");
        Assert.True(starter.Allowance.TryChoose(Credits.Of(100), out var allowance, out _));
        Assert.Equal(Credits.Of(100), allowance);
        Assert.False(starter.Allowance.TryChoose(Credits.Of(101), out _, out var refusal));
        Assert.Equal(RefusalCodes.InvalidRequest, refusal.Code);
    }

    [Fact]
    public void Accounts_start_on_free()
    {
        Assert.Equal("free", Request.Bluma.DefaultPlan?.Id);
        Assert.Equal(Request.Bluma.Plan("free").Limits, Request.Bluma.LimitsOf(null));
        Assert.Equal(Request.Bluma.Plan("free").Entitlements, Request.Bluma.EntitlementsOf(null));
        Assert.Null(Request.Bluma.SignUpGrant);
    }

    [Fact]
    public void A_test_key_gets_watermarked_low_quality_on_any_plan()
    {
        var entitlements = Request.Bluma.EntitlementsOf(Request.Bluma.Plan("pro"), testMode: true);
        Assert.Equal(Scalar.Of(true), entitlements["watermark"]);
        Assert.Equal(Scalar.Of("low"), entitlements["quality"]);
        Assert.Equal(Scalar.Of("low"), entitlements["priority"]);
        Assert.Equal(Scalar.Of("priority"), entitlements["support"]);
    }

    [Theory]
    [InlineData(8, 30L)]
    [InlineData(9, 60L)]
    [InlineData(13.499, 60L)]
    [InlineData(4.499, null)]
    [InlineData(1_000_000, 3600L)]
    public void What_is_affordable_is_told_in_seconds_of_whole_blocks(decimal available, long? seconds)
    {
        Assert.True(Credits.TryFrom(available, out var credits));
        var usage = Request.Bluma.Parse("""{"template_id": "product-showcase", "duration": 100}""");
        Assert.Equal(seconds, Request.Bluma.MaxAffordable(usage, credits).TryGetValue("duration", out var most) ? most : (long?)null);
    }

    [Fact]
    public void Of_what_was_quoted_and_has_no_price_any_more_nothing_is_affordable()
    {
        var usage = Request.Bluma.Parse("""{"template_id": "product-showcase"}""");
        foreach (var former in new[]
        {
            usage with { Values = usage.Values.SetItem("template_id", Scalar.Of("gone")) },
            usage with { Values = usage.Values.SetItem("resolution", Scalar.Of("8K")) },
            usage with { Values = usage.Values.SetItem("complexity", Scalar.Of("expert")) },
            usage with { Values = usage.Values.SetItem("duration", Scalar.Of("long")) },
            usage with { Values = usage.Values.Remove("duration") },
            usage with { Values = usage.Values.Remove("resolution") },
        })
        {
            Assert.Empty(Request.Bluma.MaxAffordable(former, Credits.Of(1_000_000)));
        }

        Assert.Single(Request.Bluma.MaxAffordable(usage, Credits.Of(1_000_000)));
    }

    [Fact]
    public void Any_plan_has_any_template() =>
        Assert.Null(Request.Bluma.CheckLimits(Request.Bluma.Plan("free"), Request.Bluma.Parse("""{"template_id": "news-anchor"}""")));
}
