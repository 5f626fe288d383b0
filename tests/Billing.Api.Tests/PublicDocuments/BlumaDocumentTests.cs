using System.Text.Json;
using Billing.Api.Tests.Webhooks;
using Billing.Api.Tests.Worlds;
using Billing.Testing;

namespace Billing.Api.Tests.PublicDocuments;

/// <summary>Bluma's public rules, fact by fact, in the document's order. Where it contradicts itself: docs/decisions/0011.</summary>
public sealed class BlumaDocumentTests
{
    private const string Two = """{"template_id": "consumerclub-discord-zoomed", "complexity": "basic"}""";

    private static async Task<Customer> OnAsync(string? plan = null, decimal? credits = null, string environment = "production") =>
        await (await World.Shared).CustomerAsync("bluma", plan, credits, environment);

    // Pricing tiers

    [Theory]
    [InlineData("free", null, "100")]
    [InlineData("starter", null, "1000")]
    [InlineData("pro", null, "5000")]
    [InlineData("enterprise", 3000, "50000")]
    public async Task Requests_per_hour(string plan, int? credits, string requests) =>
        Assert.Equal(requests, (await (await OnAsync(plan, credits)).Own.GetAsync("credits")).Header("X-RateLimit-Limit"));

    [Theory]
    [InlineData("starter", 2900)]
    [InlineData("pro", 9900)]
    public async Task Price_a_month(string plan, int minor)
    {
        var price = (await PlanAsync(plan)).GetProperty("price");
        Assert.Equal((minor, "USD"), (price.GetProperty("amount_minor").GetInt32(), price.GetProperty("currency").GetString()));
    }

    [Theory]
    [InlineData("free", "watermark", "true")]
    [InlineData("starter", "watermark", "false")]
    [InlineData("free", "support", "community")]
    [InlineData("starter", "support", "email")]
    [InlineData("pro", "support", "priority")]
    [InlineData("enterprise", "support", "dedicated")]
    [InlineData("starter", "quality", "full")]
    [InlineData("pro", "priority", "high")]
    [InlineData("pro", "custom_branding", "true")]
    [InlineData("starter", "custom_branding", "false")]
    [InlineData("enterprise", "custom_templates", "true")]
    [InlineData("enterprise", "sla", "true")]
    [InlineData("pro", "sla", "false")]
    public async Task What_a_tier_gives(string plan, string entitlement, string value)
    {
        var customer = await OnAsync(plan, plan == "enterprise" ? 3000 : null);
        Assert.Equal(value, (await customer.AdmitAsync(Two)).Text($"entitlements.{entitlement}"));
    }

    [Fact]
    public async Task Test_mode_is_available_to_free()
    {
        var admitted = await (await OnAsync("free", environment: "test")).AdmitAsync(Requests.Ninety);
        Assert.Equal("true", admitted.Text("test_mode"));
    }

    [Fact]
    public async Task Enterprise_has_templates_of_its_own()
    {
        var customer = await OnAsync("enterprise", 3000);
        await customer.AdminAsync(HttpMethod.Put, "templates/acme-intro", new { attributes = new { @base = 7, complexity = "basic" } });
        Assert.Equal(7, (await customer.AdmitAsync("""{"template_id": "acme-intro"}""")).Number("cost"));
        Assert.Equal(14, (await customer.Own.PostAsync("generations/quote", """{"template_id": "acme-intro", "complexity": "ai"}""")).Is(200).Number("cost"));

        await customer.AdminAsync(HttpMethod.Delete, "templates/acme-intro");
        (await customer.TryAdmitAsync("""{"template_id": "acme-intro"}""")).Names("template_id");
    }

    [Fact]
    public async Task Nobody_else_sees_them()
    {
        var (acme, other) = (await OnAsync("enterprise", 3000), await OnAsync("enterprise", 3000));
        await acme.AdminAsync(HttpMethod.Put, "templates/acme-only", new { attributes = new { @base = 7, complexity = "basic" } });
        (await other.TryAdmitAsync("""{"template_id": "acme-only"}""")).Names("template_id");
    }

    [Fact]
    public async Task Other_tiers_have_no_templates_of_their_own()
    {
        var customer = await OnAsync("pro");
        await customer.AdminAsync(HttpMethod.Put, "templates/acme-intro", new { attributes = new { @base = 7, complexity = "basic" } }, 409);
    }

    // Credit calculation

    [Theory]
    [InlineData("720p", 2)]
    [InlineData("1080p", 3)]
    [InlineData("4K", 6)]
    [InlineData("4k", 6)]
    public async Task Resolution_multiplies(string resolution, int cost) => await CostsAsync(cost, Json.Of(new { template_id = "consumerclub-discord-zoomed", complexity = "basic", resolution }));

    [Theory]
    [InlineData(1, 2)]
    [InlineData(30, 2)]
    [InlineData(31, 4)]
    [InlineData(60, 4)]
    [InlineData(90, 6)]
    public async Task Every_started_30_seconds_count(int duration, int cost) => await CostsAsync(cost, Json.Of(new { template_id = "consumerclub-discord-zoomed", complexity = "basic", duration }));

    [Theory]
    [InlineData("basic", 2)]
    [InlineData("advanced", 3)]
    [InlineData("ai", 4)]
    [InlineData("AI", 4)]
    [InlineData(null, 4)]
    public async Task Complexity_multiplies_and_the_templates_own_is_the_default(string? complexity, int cost) =>
        await CostsAsync(cost, Json.Of(new { template_id = "consumerclub-discord-zoomed", complexity }));

    [Theory]
    [InlineData(Requests.Six, 6)]
    [InlineData(Requests.TwentySeven, 27)]
    [InlineData(Requests.FortyFive, 45)]
    [InlineData("""{"template_id": "product-showcase", "resolution": "4K", "duration": 60}""", 27)]
    public async Task The_three_examples(string request, int cost) => await CostsAsync(cost, request);

    [Fact]
    public async Task The_breakdown_shows_the_formula()
    {
        var quote = (await (await OnAsync()).Own.PostAsync("generations/quote", Requests.Six)).Is(200);
        quote.Shows(
            """
            [{ "factor": "base", "value": 2 }, { "factor": "duration", "value": 1 }, { "factor": "resolution", "value": 1.5 }, { "factor": "complexity", "value": 2 }]
            """,
            "breakdown");
    }

    // Monthly allowance

    [Theory]
    [InlineData("free", null, 10)]
    [InlineData("starter", null, 100)]
    [InlineData("pro", null, 500)]
    [InlineData("enterprise", 3000, 3000)]
    [InlineData("enterprise", 12000, 12000)]
    public async Task Each_tier_has_a_monthly_allowance(string plan, int? chosen, int credits) =>
        Assert.Equal(credits, (await (await OnAsync(plan, chosen)).CreditsAsync()).Number("monthly_allowance"));

    [Fact]
    public async Task Enterprise_begins_at_3000() =>
        (await (await World.Shared).Operator.PostAsync("admin/accounts", Json.Of(new { product = "bluma", name = "Ada", email = "ada@example.com", plan = "enterprise", credits = 2999 }))).Names("credits");

    [Fact]
    public async Task Free_has_five_videos_of_2_credits()
    {
        var customer = await OnAsync();
        for (var i = 0; i < 5; i++)
        {
            await customer.AdmitAsync(Two);
        }

        (await customer.TryAdmitAsync(Two)).Refused(402, "INSUFFICIENT_CREDITS");
    }

    // Overage handling

    [Theory]
    [InlineData("starter")]
    [InlineData("pro")]
    public async Task Overage_costs_half_a_dollar_a_video(string plan)
    {
        var overage = (await PlanAsync(plan)).GetProperty("overage");
        Assert.Equal((50, "USD"), (overage.GetProperty("amount_minor").GetInt32(), overage.GetProperty("currency").GetString()));
    }

    [Fact]
    public async Task Overage_begins_when_the_allowance_is_exceeded_and_takes_what_is_left()
    {
        var customer = await OnAsync("starter");
        await customer.AdmitAsync(Requests.Ninety);
        var admitted = await customer.AdmitAsync(Requests.FortyFive);
        admitted.Shows("""{ "credits": 10, "overage_units": 1, "overage": { "amount_minor": 50, "currency": "USD" } }""", "charged");
        Assert.Equal((45, 0), (admitted.Number("cost"), admitted.Number("credits")));
    }

    [Fact]
    public async Task A_first_video_dearer_than_the_allowance_takes_all_of_it_and_one_unit()
    {
        var customer = await OnAsync("starter");
        var admitted = await customer.AdmitAsync("""{"template_id": "news-anchor", "resolution": "4K", "duration": 120}""");
        Assert.Equal((120, 100, 1), (admitted.Number("cost"), admitted.Number("charged.credits"), admitted.Number("charged.overage_units")));
    }

    [Fact]
    public async Task While_the_credits_cover_it_there_is_no_overage()
    {
        var customer = await OnAsync("starter");
        (await customer.AdmitAsync(Requests.Ninety)).Shows("""{ "credits": 90, "overage_units": 0, "overage": null }""", "charged");
    }

    [Fact]
    public async Task A_refund_gives_both_parts_back()
    {
        var customer = await OnAsync("starter");
        await customer.AdmitAsync(Requests.Ninety);
        await customer.FailAsync(await customer.AdmitAsync(Requests.FortyFive));
        await customer.RefundedAsync();
        var credits = await customer.CreditsAsync();
        Assert.Equal((10, 0, "null"), (credits.Number("credits"), credits.Number("overage_used"), credits.Text("overage_amount")));
    }

    [Fact]
    public async Task Overage_is_charged_at_month_end()
    {
        await using var world = await World.StartAsync("2025-11-20T00:00:00Z");
        var customer = await world.CustomerAsync("bluma", "starter");
        await customer.AdmitAsync(Requests.Ninety);
        await customer.CompleteAsync(await customer.AdmitAsync(Requests.FortyFive));
        await customer.CompleteAsync(await customer.AdmitAsync(Requests.FortyFive));
        var before = await customer.CreditsAsync();
        Assert.Equal((2, 100), (before.Number("overage_used"), before.Number("overage_amount.amount_minor")));

        await world.MoveAsync("2025-12-01T00:00:00Z");
        Assert.Equal(0, (await customer.CreditsAsync()).Number("overage_used"));
        var invoices = (await customer.Session.GetAsync("invoices")).Is(200);
        Assert.Equal(("2025-11", 100), (invoices.Text("invoices.0.month"), invoices.Number("invoices.0.total.amount_minor")));
    }

    [Fact]
    public async Task There_are_no_hard_limits_on_starter()
    {
        var customer = await OnAsync("starter");
        await customer.AdmitAsync(Requests.Ninety);
        for (var i = 0; i < 20; i++)
        {
            await customer.AdmitAsync(Requests.Ninety);
        }

        Assert.Equal(20, (await customer.CreditsAsync()).Number("overage_used"));
    }

    [Fact]
    public async Task Free_has_no_overage_and_fails_with_402()
    {
        var customer = await OnAsync();
        (await customer.TryAdmitAsync(Requests.Twelve)).Refused(402, "INSUFFICIENT_CREDITS");
        Assert.Equal(10, await customer.LeftAsync());
    }

    [Fact]
    public async Task Free_must_upgrade_to_continue_and_then_can()
    {
        var customer = await OnAsync();
        await customer.AdmitAsync(Requests.Six);
        (await customer.TryAdmitAsync(Requests.Six)).Refused(402, "INSUFFICIENT_CREDITS");
        await customer.SubscribeAsync("starter");
        Assert.Equal(98, (await customer.AdmitAsync(Requests.Six)).Number("credits"));
    }

    [Fact]
    public async Task Enterprise_stops_at_its_allowance_and_its_plan_says_so()
    {
        Assert.True((await PlanAsync("enterprise")).GetProperty("hard_stop").GetBoolean());
        var customer = await OnAsync("enterprise", 3000);
        await customer.AdminAsync(HttpMethod.Post, "adjustments", new { credits = -2990, reason = "Used up" }, 201);
        (await customer.TryAdmitAsync(Requests.Twelve)).Refused(402, "INSUFFICIENT_CREDITS");
    }

    // Preventing overages

    [Fact]
    public async Task A_webhook_tells_of_low_and_exhausted_credits()
    {
        var customer = await OnAsync("starter");
        await using var receiver = new Receiver();
        (await customer.Own.PostAsync("webhooks", Json.Of(new { url = receiver.Url, events = new[] { "credits.low", "credits.exhausted" } }))).Is(201);
        await customer.AdmitAsync(Requests.Ninety);
        await customer.AdmitAsync(Requests.Twelve);
        await Eventually.SeeAsync(() => Task.FromResult(receiver.Arrivals.Count), count => count == 2);
        Assert.Equal(["credits.exhausted", "credits.low"], receiver.Arrivals.Select(arrival => JsonDocument.Parse(arrival.Body).RootElement.GetProperty("type").GetString()).Order(StringComparer.Ordinal));
    }

    // Checking your balance

    [Fact]
    public async Task The_balance_sample_field_by_field()
    {
        var customer = await OnAsync("starter");
        foreach (var duration in new[] { 30, 30, 30, 30, 60 })
        {
            await customer.CompleteAsync(await customer.AdmitAsync(Json.Of(new { template_id = "consumerclub-discord-zoomed", complexity = "basic", duration })));
        }

        (await customer.Own.GetAsync("credits/balance")).Is(200).Shows("""
            {
              "credits": 88, "tier": "starter", "monthly_allowance": 100, "overage_used": 0, "reset_date": "2025-12-01T00:00:00Z",
              "usage": { "total_spent": 12, "average_per_video": 2.4 }
            }
            """);
    }

    [Theory]
    [InlineData("bluma", "free")]
    [InlineData("gleam", "free")]
    [InlineData("bloom", "none")]
    public async Task The_tier_is_always_a_string(string product, string tier)
    {
        var balance = (await (await (await World.Shared).CustomerAsync(product)).Own.GetAsync("credits/balance")).Is(200);
        Assert.Equal(tier, balance.At("tier").GetString());
    }

    [Fact]
    public async Task Its_instants_are_whole_seconds()
    {
        await using var world = await World.StartAsync("2025-11-03T10:30:00.750Z");
        var customer = await world.CustomerAsync("bluma", "starter");
        await customer.AdmitAsync(Requests.Six);
        Assert.Equal("2025-12-03T10:30:00Z", (await customer.Own.GetAsync("credits/balance")).Is(200).Text("reset_date"));
        Assert.Equal("2025-11-03T10:30:00Z", (await customer.HistoryAsync()).Text("transactions.0.created_at"));
    }

    // Credit history

    [Fact]
    public async Task The_history_sample_field_by_field()
    {
        await using var world = await World.StartAsync();
        var customer = await world.CustomerAsync("bluma", "starter");
        await world.MoveAsync("2025-11-03T10:30:00Z");
        await customer.AdmitAsync("""{"template_id": "consumerclub-discord-zoomed", "resolution": "1080p", "duration": 30, "complexity": "ai"}""");
        var history = (await customer.Own.GetAsync("credits/history?limit=50")).Is(200);
        history.Shows(
            """
            {
              "id": "*", "type": "deduction", "amount": -6, "balance_after": 94, "description": "*",
              "metadata": { "template_id": "consumerclub-discord-zoomed", "resolution": "1080p", "duration": 30, "complexity": "ai", "generation_id": "*" },
              "created_at": "2025-11-03T10:30:00Z", "key_id": "*", "member_id": "*"
            }
            """,
            "transactions.0");
        history.Shows(
            """
            { "id": "*", "type": "purchase", "amount": 100, "balance_after": 100, "description": "Monthly renewal: Starter plan", "metadata": {}, "created_at": "2025-11-01T00:00:00Z" }
            """,
            "transactions.1");
        Assert.Equal(2, history.Number("total"));
        Assert.StartsWith("txn_", history.Text("transactions.0.id"), StringComparison.Ordinal);
        Assert.StartsWith("Video generation: ", history.Text("transactions.0.description"), StringComparison.Ordinal);
    }

    // Test mode

    [Fact]
    public async Task Test_keys_begin_with_bluma_test() =>
        Assert.StartsWith("bluma_test_", (await OnAsync(environment: "test")).Key, StringComparison.Ordinal);

    [Fact]
    public async Task Testing_consumes_no_credits()
    {
        var customer = await OnAsync(environment: "test");
        (await customer.AdmitAsync(Requests.Ninety)).Shows("""{ "credits": 0, "overage_units": 0, "overage": null }""", "charged");
        Assert.Equal(10, await customer.LeftAsync());
    }

    [Theory]
    [InlineData("free", null)]
    [InlineData("starter", null)]
    [InlineData("enterprise", 3000)]
    public async Task Testing_is_unlimited_to_every_plan_but_for_floods(string plan, int? credits) =>
        Assert.Equal("5000", (await (await OnAsync(plan, credits, "test")).Own.GetAsync("credits")).Header("X-RateLimit-Limit"));

    [Theory]
    [InlineData("watermark", "true")]
    [InlineData("quality", "low")]
    [InlineData("priority", "low")]
    public async Task Test_videos_are_marked_low_and_slow(string entitlement, string value) =>
        Assert.Equal(value, (await (await OnAsync("pro", environment: "test")).AdmitAsync(Two)).Text($"entitlements.{entitlement}"));

    [Fact]
    public async Task A_production_key_is_made_with_a_session_token()
    {
        var customer = await OnAsync();
        var key = (await customer.Session.PostAsync("api-keys", """{"name": "Production Key", "environment": "production"}""")).Is(201);
        Assert.StartsWith("bluma_live_", key.Text("key"), StringComparison.Ordinal);
        (await customer.Own.PostAsync("api-keys", """{"name": "Production Key", "environment": "production"}""")).Refused(403, "FORBIDDEN");
    }

    // Optimizing credit usage

    [Fact]
    public async Task Several_videos_are_made_at_once()
    {
        var customer = await OnAsync("starter");
        var batch = (await customer.Service.PostAsync("generations/batch", $$"""{"items": [{{Requests.Six}}, {{Two}}]}""")).Is(201);
        Assert.Equal((8, 92), (batch.Number("charged.credits"), batch.Number("credits")));
    }

    // Credit refunds

    [Theory]
    [InlineData("server_error")]
    [InlineData("rendering_error")]
    [InlineData("invalid_input")]
    public async Task Failures_are_refunded_automatically(string reason)
    {
        var customer = await OnAsync("starter");
        await customer.FailAsync(await customer.AdmitAsync(Requests.Six), reason);
        await customer.SeesCreditsAsync(100);
    }

    [Theory]
    [InlineData("quality_issue")]
    [InlineData("incorrect_charge")]
    [InlineData("technical_problem")]
    public async Task A_refund_can_be_asked_for(string reason)
    {
        var customer = await OnAsync("starter");
        var admitted = await customer.AdmitAsync(Requests.Six);
        await customer.CompleteAsync(admitted);
        var refund = (await customer.Own.PostAsync("refunds", Json.Of(new { generation_id = admitted.Text("id"), reason }))).Is(202);
        Assert.Equal("pending_review", refund.Text("status"));
        (await customer.World.Operator.PostAsync($"admin/refunds/{refund.Text("id")}/approve")).Is(200);
        await customer.SeesCreditsAsync(100);
    }

    [Theory]
    [InlineData("user_error")]
    [InlineData("content_policy")]
    [InlineData("not_as_expected")]
    public async Task For_these_there_is_none_and_the_answer_says_whom_to_contact(string reason)
    {
        var customer = await OnAsync("starter");
        var admitted = await customer.AdmitAsync(Requests.Six);
        await customer.CompleteAsync(admitted);
        var refused = (await customer.Own.PostAsync("refunds", Json.Of(new { generation_id = admitted.Text("id"), reason }))).Refused(422, "REFUND_NOT_ELIGIBLE");
        Assert.NotEqual("null", refused.Text("data.contact.support"));
    }

    [Theory]
    [InlineData("user_error")]
    [InlineData("content_policy")]
    public async Task The_customers_own_failures_are_not_refunded(string reason)
    {
        var customer = await OnAsync("starter");
        var failed = await customer.FailAsync(await customer.AdmitAsync(Requests.Six), reason);
        Assert.Equal((94, "failed"), (await customer.LeftAsync(), failed.Text("status")));
    }

    // Frequently asked questions

    [Fact]
    public async Task Purchased_credits_never_expire_and_the_allowance_resets_on_the_billing_date()
    {
        await using var world = await World.StartAsync();
        var customer = await world.CustomerAsync("bluma", "starter");
        await customer.TopUpAsync(10);
        await customer.AdmitAsync(Requests.Six);
        await world.MoveAsync("2025-12-01T00:00:00Z");
        var credits = await customer.CreditsAsync();
        Assert.Equal((100, 10), (credits.Number("plan_credits"), credits.Number("top_up_credits")));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1000)]
    public async Task Packs_of_10_to_1000_credits_can_be_bought(int credits)
    {
        var customer = await OnAsync();
        await customer.TopUpAsync(credits);
        Assert.Equal(credits, (await customer.CreditsAsync()).Number("top_up_credits"));
    }

    [Theory]
    [InlineData(9)]
    [InlineData(1001)]
    public async Task No_others(int credits)
    {
        var customer = await OnAsync();
        (await customer.World.Operator.PostAsync($"admin/workspaces/{customer.WorkspaceId}/top-ups", Json.Of(new { credits, reference = "ch_1" }))).Names("credits");
    }

    [Fact]
    public async Task Who_upgrades_from_free_keeps_remaining_credits_until_their_own_end()
    {
        await using var world = await World.StartAsync("2025-11-01T00:00:00Z");
        var customer = await world.CustomerAsync("bluma");
        await customer.CompleteAsync(await customer.AdmitAsync(Requests.Four));
        await world.MoveAsync("2025-11-11T00:00:00Z");
        await customer.SubscribeAsync("starter");
        Assert.Equal((106, "2025-12-11T00:00:00Z"), (await customer.LeftAsync(), (await customer.CreditsAsync()).Text("renews_at")));
        await world.MoveAsync("2025-12-01T00:00:00Z");
        Assert.Equal(100, await customer.LeftAsync());
    }

    [Fact]
    public async Task Who_upgrades_keeps_remaining_credits_and_gets_the_new_limit_with_the_next_cycle()
    {
        await using var world = await World.StartAsync();
        var customer = await world.CustomerAsync("bluma", "starter");
        await customer.AdmitAsync(Requests.Six);
        await customer.SubscribeAsync("pro");
        var now = await customer.CreditsAsync();
        Assert.Equal((94, "pro"), (now.Number("credits"), now.Text("plan")));
        await world.MoveAsync("2025-12-01T00:00:00Z");
        Assert.Equal(500, await customer.LeftAsync());
    }

    [Fact]
    public async Task Contact_support_and_sales_lead_somewhere()
    {
        var plans = (await (await World.Shared).Anyone.GetAsync("plans?product=bluma")).Is(200);
        plans.Shows("""{ "support": "*", "sales": "*" }""", "contact");
    }

    // Beside the document

    [Fact]
    public async Task Who_cancels_falls_to_free()
    {
        await using var world = await World.StartAsync();
        var customer = await world.CustomerAsync("bluma", "starter");
        await customer.AdminAsync(HttpMethod.Delete, "subscription");
        await world.MoveAsync("2025-12-01T00:00:00Z");
        var credits = await customer.CreditsAsync();
        Assert.Equal(("free", 10, "2026-01-01T00:00:00Z"), (credits.Text("plan"), credits.Number("credits"), credits.Text("renews_at")));
    }

    [Fact]
    public async Task So_does_a_team()
    {
        var customer = await OnAsync("starter");
        var team = (await customer.World.Operator.PostAsync("admin/workspaces", Json.Of(new { account_id = customer.AccountId, name = "Studio" }))).Is(201).Text("workspace_id");
        var credits = (await customer.Own.GetAsync($"credits?workspaceId={team}")).Is(200);
        Assert.Equal(("free", 10, 0), (credits.Text("plan"), credits.Number("credits"), credits.Number("bonus_credits")));
    }

    private static async Task CostsAsync(int cost, string request) =>
        Assert.Equal(cost, (await (await OnAsync()).Own.PostAsync("generations/quote", request)).Is(200).Number("cost"));

    private static async Task<JsonElement> PlanAsync(string id) =>
        (await (await World.Shared).Anyone.GetAsync("plans?product=bluma")).Is(200).At("plans").EnumerateArray().Single(plan => plan.GetProperty("id").GetString() == id);
}
