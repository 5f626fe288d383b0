using System.Text.Json;
using Billing.Api.Tests.Worlds;
using Billing.Catalogs;

namespace Billing.Api.Tests.Plans;

/// <summary><c>GET /plans</c>, and what each plan gives.</summary>
public sealed class PlansTests
{
    private static readonly string Unlimited = string.Join(", ", PlanLimit.All.Select(limit => $"\"{limit.Name}\": null"));

    [Theory]
    [InlineData("bloom", "plus", 50)]
    [InlineData("bloom", "pro", 100)]
    [InlineData("bloom", "max", 200)]
    [InlineData("bluma", "free", 10)]
    [InlineData("bluma", "starter", 100)]
    [InlineData("bluma", "pro", 500)]
    [InlineData("gleam", "free", 100)]
    [InlineData("gleam", "pro", 1000)]
    [InlineData("gleam", "lifetime", 2000)]
    public async Task Each_plan_grants_its_monthly_allowance(string product, string plan, int allowance)
    {
        var customer = await (await World.Shared).CustomerAsync(product, plan);
        var credits = await customer.CreditsAsync();
        Assert.Equal(
            (plan, "active", allowance, allowance, "2025-12-01T00:00:00Z"),
            (credits.Text("plan"), credits.Text("plan_status"), credits.Number("monthly_allowance"), credits.Number("plan_credits"), credits.Text("renews_at")));

        var shown = (await customer.World.Anyone.GetAsync($"plans?product={product}")).Is(200).At("plans").EnumerateArray().Single(one => one.GetProperty("id").GetString() == plan);
        Assert.Equal(allowance, shown.GetProperty("monthly_allowance").GetDecimal());
    }

    [Theory]
    [InlineData("bloom", "scale", 300)]
    [InlineData("bloom", "scale", 2000)]
    [InlineData("bluma", "enterprise", 3000)]
    [InlineData("bluma", "enterprise", 6000)]
    public async Task A_chosen_allowance_is_granted(string product, string plan, int chosen)
    {
        var customer = await (await World.Shared).CustomerAsync(product, plan, chosen);
        var credits = await customer.CreditsAsync();
        Assert.Equal((plan, chosen, chosen), (credits.Text("plan"), credits.Number("monthly_allowance"), credits.Number("plan_credits")));
    }

    [Theory]
    [InlineData("bloom", "scale", null)]
    [InlineData("bloom", "scale", 299)]
    [InlineData("bloom", "scale", 2001)]
    [InlineData("bluma", "enterprise", null)]
    [InlineData("bluma", "enterprise", 2999)]
    [InlineData("bluma", "starter", 120)]
    public async Task An_allowance_beyond_what_can_be_chosen_is_refused(string product, string plan, int? chosen)
    {
        var world = await World.Shared;
        var account = Json.Of(new { product, name = "Ada", email = "ada@example.com", plan, credits = chosen });
        (await world.Operator.PostAsync("admin/accounts", account)).Names("credits");
    }

    [Theory]
    [InlineData("bloom", null, 10)]
    [InlineData("bluma", "free", 10)]
    [InlineData("gleam", "free", 100)]
    public async Task Accounts_start_as_their_product_has_it(string product, string? plan, int credits)
    {
        var customer = await (await World.Shared).CustomerAsync(product);
        var answer = await customer.CreditsAsync();
        Assert.Equal(credits, answer.Number("credits"));
        Assert.Equal(plan ?? "null", answer.Text("plan"));
    }

    [Fact]
    public async Task Blooms_sign_up_credits_need_no_plan_and_stay_when_one_starts()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        await customer.AdmitAsync(Requests.Bloom("4K", 3));
        await customer.SubscribeAsync("plus");
        var credits = await customer.CreditsAsync();
        Assert.Equal((54, 50, 4), (credits.Number("credits"), credits.Number("plan_credits"), credits.Number("bonus_credits")));
    }

    [Fact]
    public async Task The_catalog_needs_no_credential()
    {
        var world = await World.Shared;
        var bluma = (await world.Anyone.GetAsync("plans?product=bluma")).Is(200);
        bluma.Shows(
            $$"""
            {
              "id": "starter", "name": "Starter", "monthly_allowance": 100, "allowance_range": null, "free": false,
              "price": { "amount_minor": 2900, "currency": "USD" }, "billing": "monthly", "overage": { "amount_minor": 50, "currency": "USD" }, "hard_stop": false,
              "rate_limit": { "limit": 1000, "window_seconds": 3600, "kind": "fixed_hour", "counts": "requests" }, {{Unlimited}}, "template_tiers": null,
              "entitlements": {
                "watermark": false, "quality": "full", "priority": "normal", "support": "email", "custom_branding": false, "custom_templates": false, "sla": false
              }
            }
            """,
            "plans.1");
        Assert.Equal(["free", "starter", "pro", "enterprise"], bluma.At("plans").EnumerateArray().Select(plan => plan.GetProperty("id").GetString()!));
        bluma.Shows("""{ "min": 3000, "max": null }""", "plans.3.allowance_range");
        bluma.Shows("""{ "amount_minor": 9900, "currency": "USD" }""", "plans.2.price");
        bluma.Shows("""{ "min_credits": 10, "max_credits": 1000 }""", "top_ups");
        Assert.Equal("free", bluma.Text("default_plan"));

        var all = (await world.Anyone.GetAsync("plans")).Is(200);
        Assert.Equal(["bloom", "bluma", "gleam"], all.At("products").EnumerateArray().Select(product => product.GetProperty("product").GetString()!).Order(StringComparer.Ordinal));
        Assert.Equal(JsonValueKind.Null, (await world.Anyone.GetAsync("plans?product=bloom")).At("plans.0.price").ValueKind);
    }

    [Theory]
    [InlineData("gleam", "free", 5, 1)]
    [InlineData("gleam", "pro", 100, 5)]
    [InlineData("gleam", "lifetime", 200, 10)]
    public async Task Gleams_plans_show_their_limits(string product, string plan, int perHour, int concurrent)
    {
        var shown = (await (await World.Shared).Anyone.GetAsync($"plans?product={product}")).Is(200).At("plans").EnumerateArray().Single(one => one.GetProperty("id").GetString() == plan);
        Assert.Equal((perHour, concurrent), (shown.GetProperty("rate_limit").GetProperty("limit").GetInt32(), shown.GetProperty("concurrency").GetInt32()));
    }

    [Fact]
    public async Task A_product_that_is_not_sold_is_refused() =>
        (await (await World.Shared).Anyone.GetAsync("plans?product=blom")).Names("product");
}
