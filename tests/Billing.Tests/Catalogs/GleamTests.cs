using Billing.Catalogs;
using Billing.RateLimits;

namespace Billing.Tests.Catalogs;

public sealed class GleamTests
{
    [Theory]
    [InlineData("free", 100, 5, 1)]
    [InlineData("pro", 1000, 100, 5)]
    [InlineData("lifetime", 2000, 200, 10)]
    public void A_plan_has_its_figures(string id, int images, int hourly, int concurrent)
    {
        var plan = Request.Gleam.Plan(id);
        Assert.Equal(Credits.Of(images), plan.Allowance.Fixed);
        Assert.Equal((new RateLimit(hourly, 3600, RateLimitKind.FixedHour, RateUnit.Generations), (long?)concurrent), plan.Limits.Figures());
        Assert.Equal(id == "free", plan.Free);
        Assert.Equal(id == "lifetime" ? BillingInterval.Once : BillingInterval.Monthly, plan.Billing);
        Assert.Equal(Scalar.Of(id == "free" ? "standard" : "priority"), plan.Entitlements["support"]);
        Assert.Null(plan.OverageUnitPrice);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"template": "sunset", "format": "base64", "width": 5000, "height": 5000, "file_size_bytes": 5242880}""")]
    public void Every_image_costs_one(string request)
    {
        var price = Request.Gleam.Price(Request.Gleam.Parse(request));
        Assert.Equal(Credits.Of(1), price.Cost);
        Assert.Equal<PriceFactor>([new("image", 1)], price.Breakdown);
    }

    [Fact]
    public void Running_out_is_a_rate_limit() => Assert.Equal(RefusalCodes.MonthlyLimit, Request.Gleam.ExhaustedCode);

    [Fact]
    public void There_is_no_quantity_to_lower() => Assert.Empty(Request.Gleam.MaxAffordable(Request.Gleam.Parse("{}"), Credits.Zero));

    [Theory]
    [InlineData("basic", true)]
    [InlineData("basic-dark", true)]
    [InlineData("basic-", true)]
    [InlineData("basics", false)]
    [InlineData("Basic", false)]
    [InlineData("sunset", false)]
    public void Free_has_basic_templates_only(string template, bool allowed)
    {
        var usage = Request.Gleam.Parse($$"""{"template": "{{template}}"}""");
        foreach (var plan in new[] { null, Request.Gleam.Plan("free") })
        {
            var refusal = Request.Gleam.CheckLimits(plan, usage);
            Assert.Equal(allowed ? null : RefusalCodes.TemplateNotInPlan, refusal?.Code);
            Assert.Equal(allowed ? null : Request.Gleam.BuyUrl, refusal?.ActionUrl);
        }

        Assert.Null(Request.Gleam.CheckLimits(Request.Gleam.Plan("pro"), usage));
        Assert.Null(Request.Gleam.CheckLimits(Request.Gleam.Plan("lifetime"), usage));
    }

    [Fact]
    public void A_sellers_catalog_without_a_default_plan_says_what_holds_without_one()
    {
        var catalog = Catalog.Parse(Request.File("gleam", file =>
        {
            file["default_plan"] = null;
            file["base"] = System.Text.Json.Nodes.JsonNode.Parse(
                """{"rate_limit": {"kind": "fixed_hour", "limit": 2}, "concurrency": 3, "template_tiers": ["basic"], "entitlements": {"support": "none"}}""");
        }));
        Assert.Equal((new RateLimit(2, 3600, RateLimitKind.FixedHour), (long?)3), catalog.LimitsOf(null).Figures());
        Assert.Equal(Scalar.Of("none"), catalog.EntitlementsOf(null)["support"]);
        Assert.Null(catalog.CheckLimits(null, catalog.Parse("{}")));
        var refusal = catalog.CheckLimits(null, catalog.Parse("""{"template": "sunset"}"""))!;
        Assert.Equal((RefusalCodes.TemplateNotInPlan, "This template is of the premium tier, which use without a plan does not include."), (refusal.Code, refusal.Detail));
    }

    [Theory]
    [InlineData("""{"format": "gif"}""", RefusalCodes.FormatNotSupported)]
    [InlineData("""{"width": 5001}""", RefusalCodes.DimensionsTooLarge)]
    [InlineData("""{"height": 5001}""", RefusalCodes.DimensionsTooLarge)]
    [InlineData("""{"height": 10000000000000000000000}""", RefusalCodes.DimensionsTooLarge)]
    [InlineData("""{"file_size_bytes": 5242881}""", RefusalCodes.FileTooLarge)]
    [InlineData("""{"format": "gif", "width": 5001, "file_size_bytes": 5242881, "template": "sunset"}""", RefusalCodes.FormatNotSupported)]
    [InlineData("""{"width": 5001, "file_size_bytes": 5242881, "template": "sunset"}""", RefusalCodes.DimensionsTooLarge)]
    [InlineData("""{"file_size_bytes": 5242881, "template": "sunset"}""", RefusalCodes.FileTooLarge)]
    public void What_is_beyond_a_limit_is_refused_with_its_own_code(string request, string code) =>
        Assert.Equal(code, Request.Gleam.CheckLimits(Request.Gleam.Plan("free"), Request.Gleam.Parse(request))?.Code);

    [Theory]
    [InlineData("""{"format": ""}""", "format", "must be one of png, jpeg, base64")]
    [InlineData("""{"format": 7}""", "format", "must be one of png, jpeg, base64")]
    [InlineData("""{"width": 0}""", "width", "must be from 1 to 5000")]
    [InlineData("""{"width": "100"}""", "width", "must be a whole number from 1 to 5000")]
    [InlineData("""{"template": ""}""", "template", "must be one line of 1 to 100 characters, not blank and none of them invisible")]
    public void What_is_no_value_at_all_is_an_invalid_request(string request, string field, string message) =>
        Assert.Equal<string>([message], Request.Gleam.Refuse(request).Errors![field]);

    [Theory]
    [InlineData("PNG", "png")]
    [InlineData("Base64", "base64")]
    [InlineData("JPG", "jpeg")]
    public void Formats_are_kept_as_the_catalog_spells_them(string format, string kept) =>
        Assert.Equal(Scalar.Of(kept), Request.Gleam.Parse($$"""{"format": "{{format}}"}""").Values["format"]);

    [Fact]
    public void What_is_known_only_on_delivery_is_read_and_held_to_its_limit_then()
    {
        var delivered = Request.Gleam.ReadDelivered(Request.Reader("""{"file_size_bytes": 5242880, "format": "png", "template": "sunset"}"""));
        Assert.Equal([KeyValuePair.Create("file_size_bytes", Scalar.Of(5_242_880))], delivered);
        Assert.Null(Request.Gleam.CheckDelivered(delivered));
        var refusal = Request.Gleam.CheckDelivered(delivered.SetItem("file_size_bytes", Scalar.Of(5_242_881)))!;
        Assert.Equal((RefusalCodes.FileTooLarge, "file_size_bytes: must be at most 5242880"), (refusal.Code, refusal.Detail));
        Assert.Empty(Request.Gleam.ReadDelivered(Request.Reader("{}")));
        foreach (var (catalog, name) in new[] { (Request.Bluma, "file_size_bytes"), (Request.Bluma, "duration"), (Request.Gleam, "format"), (Request.Gleam, "size") })
        {
            Assert.Equal($"{name}: unknown field", catalog.CheckDelivered(delivered.Clear().Add(name, Scalar.Of(1)))!.Detail);
        }
    }

    [Fact]
    public void Slots_come_before_the_fields_limits_and_those_before_the_template_and_what_was_quoted_is_within_them()
    {
        var usage = Request.Gleam.Parse("""{"format": "gif", "template": "sunset"}""");
        var free = Request.Gleam.Plan("free");
        Assert.Equal(RefusalCodes.ConcurrencyLimit, Request.Gleam.CheckLimits(free, new GenerationCircumstances(1, usage))!.Code);
        Assert.Equal(RefusalCodes.FormatNotSupported, Request.Gleam.CheckLimits(free, new GenerationCircumstances(0, usage))!.Code);
        var refusal = Request.Gleam.CheckLimits(free, new GenerationCircumstances(0, usage, Promised: true))!;
        Assert.Equal((RefusalCodes.TemplateNotInPlan, "This template is of the premium tier, which Free does not include."), (refusal.Code, refusal.Detail));
    }

    [Theory]
    [InlineData(4_000, 4)]
    [InlineData(4_001, 5)]
    [InlineData(5_000, 5)]
    [InlineData(9_000, 5)]
    public void What_is_beyond_its_limit_is_priced_as_the_limit_and_refused_elsewhere(int width, int cost)
    {
        var catalog = Catalog.Parse(Request.File("gleam", file =>
        {
            file["pricing"]!["fields"]![2]!["required"] = true;
            file["pricing"]!["factors"]!.AsArray().Add(System.Text.Json.Nodes.JsonNode.Parse("""{"name": "width", "kind": "blocks", "field": "width", "size": 1000}"""));
        }));
        Assert.Equal(cost, catalog.Cost($$"""{"width": {{width}}}"""));
    }

    [Fact]
    public void What_a_request_must_say_or_gets_by_default_need_not_be_said_again_on_delivery()
    {
        var catalog = Catalog.Parse(Request.File("gleam", file =>
        {
            file["pricing"]!["fields"]![2]!["required"] = true;
            file["pricing"]!["fields"]![3]!["default"] = 100;
        }));
        var reader = Request.Reader("{}");
        Assert.Empty(catalog.ReadDelivered(reader));
        Assert.Null(reader.Refusal());
    }

    [Theory]
    [InlineData("format", 40, RefusalCodes.FormatNotSupported)]
    [InlineData("format", 41, RefusalCodes.InvalidRequest)]
    [InlineData("template", 100, null)]
    [InlineData("template", 101, RefusalCodes.InvalidRequest)]
    public void What_could_be_meant_has_a_length(string field, int length, string? code)
    {
        var outcome = Request.Gleam.ParseUsage(Request.Reader($$"""{"{{field}}": "{{new string('x', length)}}"}"""));
        var refusal = outcome.TryGet(out var usage, out var invalid) ? Request.Gleam.CheckLimits(Request.Gleam.Plan("pro"), usage) : invalid;
        Assert.Equal(code, refusal?.Code);
    }
}
