using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.PublicDocuments;

/// <summary>Bloom's public rules, fact by fact, in the document's order. Where it contradicts itself: docs/decisions/0011.</summary>
public sealed class BloomDocumentTests
{
    private static async Task<Customer> OnAsync(string? plan = null, decimal? credits = null) => await (await World.Shared).CustomerAsync("bloom", plan, credits);

    // Rate limits

    [Fact]
    public async Task Each_api_key_has_120_requests_a_minute()
    {
        var answer = (await (await OnAsync("plus")).Own.GetAsync("credits")).Is(200);
        Assert.Equal(("120", "119"), (answer.Header("X-RateLimit-Limit"), answer.Header("X-RateLimit-Remaining")));
        Assert.Contains("w=60", answer.Header("RateLimit-Policy"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_minute_slides()
    {
        await using var world = await World.StartAsync("2025-11-01T00:00:30Z");
        var customer = await (await world.CustomerAsync("bloom")).LimitedAsync(2);
        (await customer.Own.GetAsync("credits")).Is(200);
        await world.MoveAsync("2025-11-01T00:01:10Z");
        (await customer.Own.GetAsync("credits")).Is(200);
        (await customer.Own.GetAsync("credits")).Refused(429, "TOO_MANY_REQUESTS");
        await world.MoveAsync("2025-11-01T00:01:30Z");
        (await customer.Own.GetAsync("credits")).Is(200);
        (await customer.Own.GetAsync("credits")).Refused(429, "TOO_MANY_REQUESTS");
    }

    [Fact]
    public async Task Requests_above_it_return_429_with_the_code_and_when_to_retry()
    {
        var customer = await (await OnAsync()).LimitedAsync(1);
        await customer.Own.GetAsync("credits");
        var refused = (await customer.Own.GetAsync("credits")).Refused(429, "TOO_MANY_REQUESTS");
        Assert.Equal(("60", 60, 60), (refused.Header("Retry-After"), refused.Number("retryAfter"), refused.Number("error.retryAfter")));
    }

    [Fact]
    public async Task Contact_us_leads_somewhere() =>
        Assert.NotEqual("null", (await (await World.Shared).Anyone.GetAsync("plans?product=bloom")).Is(200).Text("contact.support"));

    [Fact]
    public async Task A_429_says_whom_to_contact()
    {
        var customer = await (await OnAsync()).LimitedAsync(1);
        await customer.Own.GetAsync("credits");
        (await customer.Own.GetAsync("credits")).Refused(429, "TOO_MANY_REQUESTS").Shows("""{ "support": "*", "sales": "*" }""", "data.contact");
    }

    [Fact]
    public async Task The_ceiling_can_be_raised_for_one_key()
    {
        var customer = await (await OnAsync()).LimitedAsync(500);
        Assert.Equal("500", (await customer.Own.GetAsync("credits")).Header("X-RateLimit-Limit"));
        Assert.Equal("120", (await (await customer.WithKeyAsync()).Own.GetAsync("credits")).Header("X-RateLimit-Limit"));
    }

    // Credits

    [Theory]
    [InlineData("2K", 1, 1)]
    [InlineData("4K", 1, 2)]
    [InlineData("4K", 3, 6)]
    [InlineData("2K", 20, 20)]
    public async Task Size_and_variants_make_the_cost(string size, int variants, int cost)
    {
        var customer = await OnAsync("plus");
        Assert.Equal(cost, (await customer.AdmitAsync(Json.Of(new { size, variantCount = variants }))).Number("cost"));
        Assert.Equal(60 - cost, await customer.LeftAsync());
    }

    [Theory]
    [InlineData("2k")]
    [InlineData("4k")]
    public async Task Sizes_may_be_written_small(string size) => (await (await OnAsync()).Own.PostAsync("generations/quote", Json.Of(new { size }))).Is(200);

    [Fact]
    public async Task The_balance_is_read_from_credits() => Assert.Equal(60, (await (await OnAsync("plus")).Own.GetAsync("credits")).Is(200).Number("credits"));

    [Fact]
    public async Task When_credits_run_out_generation_returns_402_with_a_link_that_is_no_example()
    {
        var customer = await OnAsync();
        await customer.AdmitAsync(Requests.Bloom("2K", 10));
        var url = (await customer.TryAdmitAsync(Requests.Small)).Refused(402, "INSUFFICIENT_CREDITS").Text("data.action_url");
        Assert.EndsWith("/pricing?product=bloom#buy", url, StringComparison.Ordinal);
        Assert.DoesNotContain("example.com", url, StringComparison.Ordinal);
        (await customer.World.Anyone.GetAsync(new Uri(url).PathAndQuery)).Is(200);
    }

    [Fact]
    public async Task A_402_is_over_when_the_customer_tops_up()
    {
        var customer = await OnAsync();
        await customer.AdmitAsync(Requests.Bloom("2K", 10));
        (await customer.TryAdmitAsync(Requests.Small)).Refused(402, "INSUFFICIENT_CREDITS");
        await customer.TopUpAsync(20);
        await customer.AdmitAsync(Requests.Small);
    }

    [Fact]
    public async Task A_402_is_over_when_the_plan_refreshes()
    {
        await using var world = await World.StartAsync();
        var customer = await world.CustomerAsync("bloom", "plus");
        await customer.AdmitAsync(Requests.Bloom("2K", 20));
        await customer.AdmitAsync(Requests.Bloom("4K", 20));
        (await customer.TryAdmitAsync(Requests.Small)).Refused(402, "INSUFFICIENT_CREDITS");
        await world.MoveAsync("2025-12-01T00:00:00Z");
        Assert.Equal(49, (await customer.AdmitAsync(Requests.Small)).Number("credits"));
    }

    [Fact]
    public async Task Every_workspace_of_a_team_has_its_own_balance()
    {
        var customer = await OnAsync("plus");
        var team = await TeamAsync(customer);
        Assert.Equal((60, 0), (await customer.LeftAsync(), (await customer.Own.GetAsync($"credits?workspaceId={team}")).Is(200).Number("credits")));
    }

    [Fact]
    public async Task The_personal_workspace_is_the_default()
    {
        var customer = await OnAsync("plus");
        Assert.Equal(customer.WorkspaceId, (await customer.Own.GetAsync("credits")).Text("workspace_id"));
    }

    [Fact]
    public async Task A_workspace_one_cannot_access_is_not_found()
    {
        var (ada, bob) = (await OnAsync(), await OnAsync());
        (await ada.Own.GetAsync($"credits?workspaceId={bob.WorkspaceId}")).Refused(404, "NOT_FOUND");
    }

    [Fact]
    public async Task Workspaces_lists_every_id_one_can_see()
    {
        var customer = await OnAsync("plus");
        var team = await TeamAsync(customer);
        var seen = (await customer.Own.GetAsync("workspaces")).Is(200).At("workspaces").EnumerateArray().Select(one => one.GetProperty("id").GetString());
        Assert.Equal([customer.WorkspaceId, team], seen);
    }

    // What does 402 mean?

    [Fact]
    public async Task Insufficient_credits_says_what_is_missing()
    {
        var customer = await OnAsync();
        (await customer.TryAdmitAsync(Requests.Bloom("4K", 6))).Refused(402, "INSUFFICIENT_CREDITS")
            .Shows("""{ "action_url": "*", "required": 12, "available": 10, "shortfall": 2, "max_affordable": { "variant_count": 5 } }""", "data");
    }

    [Theory]
    [InlineData("failed")]
    [InlineData("pending")]
    public async Task Payment_required_is_for_a_paused_subscription(string status)
    {
        var customer = await OnAsync("plus");
        await customer.PayAsync(status);
        var url = (await customer.TryAdmitAsync(Requests.Small)).Refused(402, "PAYMENT_REQUIRED").Text("data.action_url");
        Assert.EndsWith("/pricing?product=bloom#pay", url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_payment_resumes_it()
    {
        var customer = await OnAsync("plus");
        await customer.PayAsync("failed");
        await customer.PayAsync("succeeded");
        await customer.AdmitAsync(Requests.Small);
    }

    [Fact]
    public async Task While_it_is_paused_everything_can_be_read()
    {
        var customer = await OnAsync("plus");
        await customer.PayAsync("failed");
        Assert.Equal("paused", (await customer.Own.GetAsync("credits")).Is(200).Text("plan_status"));
        (await customer.Own.GetAsync("credits/history")).Is(200);
        (await customer.Own.PostAsync("generations/quote", Requests.Small)).Is(200);
    }

    [Fact]
    public async Task Upgrading_cures_want_of_credits_at_once()
    {
        var customer = await OnAsync("plus");
        await customer.AdmitAsync(Requests.Bloom("4K", 20));
        await customer.AdmitAsync(Requests.Bloom("2K", 20));
        (await customer.TryAdmitAsync(Requests.Small)).Refused(402, "INSUFFICIENT_CREDITS");
        await customer.SubscribeAsync("max");
        Assert.Equal(149, (await customer.AdmitAsync(Requests.Small)).Number("credits"));
    }

    [Fact]
    public async Task An_upgrade_grants_the_difference_once_a_period()
    {
        var customer = await OnAsync("plus");
        await customer.SubscribeAsync("max");
        await customer.SubscribeAsync("plus");
        await customer.SubscribeAsync("max");
        var credits = await customer.CreditsAsync();
        Assert.Equal((200, 210, 200), (credits.Number("plan_credits"), credits.Number("credits"), credits.Number("monthly_allowance")));
    }

    // Top-ups

    [Theory]
    [InlineData(20)]
    [InlineData(200)]
    public async Task A_top_up_has_20_to_200_credits(int credits)
    {
        var customer = await OnAsync();
        await customer.TopUpAsync(credits);
        Assert.Equal(credits, (await customer.CreditsAsync()).Number("top_up_credits"));
    }

    [Theory]
    [InlineData(19)]
    [InlineData(201)]
    public async Task Other_top_ups_are_refused(int credits)
    {
        var customer = await OnAsync();
        (await customer.World.Operator.PostAsync($"admin/workspaces/{customer.WorkspaceId}/top-ups", Json.Of(new { credits, reference = "ch_1" }))).Names("credits");
    }

    [Fact]
    public async Task Top_up_credits_never_expire()
    {
        await using var world = await World.StartAsync();
        var customer = await world.CustomerAsync("bloom");
        await customer.TopUpAsync(20);
        await world.MoveAsync("2035-11-01T00:00:00Z");
        Assert.Equal(30, await customer.LeftAsync());
    }

    // Plan tiers

    [Theory]
    [InlineData("plus", null, 50)]
    [InlineData("pro", null, 100)]
    [InlineData("max", null, 200)]
    [InlineData("scale", 300, 300)]
    [InlineData("scale", 2000, 2000)]
    public async Task Each_plan_has_its_monthly_credits(string plan, int? chosen, int credits) =>
        Assert.Equal(credits, (await (await OnAsync(plan, chosen)).CreditsAsync()).Number("plan_credits"));

    [Theory]
    [InlineData(299)]
    [InlineData(2001)]
    public async Task Scale_is_chosen_from_300_to_2000(int credits) =>
        (await (await World.Shared).Operator.PostAsync("admin/accounts", Json.Of(new { product = "bloom", name = "Ada", email = "ada@example.com", plan = "scale", credits }))).Names("credits");

    [Fact]
    public async Task All_full_plans_are_paid()
    {
        var plans = (await (await World.Shared).Anyone.GetAsync("plans?product=bloom")).Is(200);
        Assert.All(plans.At("plans").EnumerateArray(), plan => Assert.False(plan.GetProperty("free").GetBoolean()));
        Assert.Equal("null", plans.Text("default_plan"));
    }

    [Fact]
    public async Task New_accounts_receive_10_free_credits()
    {
        var credits = await (await OnAsync()).CreditsAsync();
        Assert.Equal((10, 10, "none"), (credits.Number("credits"), credits.Number("bonus_credits"), credits.Text("plan_status")));
    }

    [Theory]
    [InlineData("plus", "true")]
    [InlineData("max", "true")]
    [InlineData(null, "false")]
    public async Task Mcp_access_comes_with_a_paid_plan(string? plan, string access)
    {
        var admitted = await (await OnAsync(plan)).AdmitAsync(Requests.Small);
        Assert.Equal(("true", access), (admitted.Text("entitlements.api_access"), admitted.Text("entitlements.mcp_access")));
    }

    // When credits renew

    [Fact]
    public async Task Plan_credits_renew_monthly_on_the_anniversary_and_do_not_roll_over()
    {
        await using var world = await World.StartAsync("2025-11-15T08:00:00Z");
        var customer = await world.CustomerAsync("bloom", "plus");
        await customer.AdmitAsync(Requests.Bloom("2K", 5));
        await world.MoveAsync("2025-12-15T07:59:59Z");
        Assert.Equal(45, (await customer.CreditsAsync()).Number("plan_credits"));
        await world.MoveAsync("2025-12-15T08:00:00Z");
        var renewed = await customer.CreditsAsync();
        Assert.Equal((50, 10, "2026-01-15T08:00:00Z"), (renewed.Number("plan_credits"), renewed.Number("bonus_credits"), renewed.Text("renews_at")));
    }

    [Fact]
    public async Task After_a_lapse_the_anniversary_is_when_it_was_last_renewed()
    {
        await using var world = await World.StartAsync("2025-11-15T08:00:00Z");
        var customer = await world.CustomerAsync("bloom", "plus");
        await customer.AdminAsync(HttpMethod.Delete, "subscription");
        await world.MoveAsync("2026-01-03T09:30:00Z");
        Assert.Equal("null", (await customer.CreditsAsync()).Text("plan"));
        await customer.SubscribeAsync("plus");
        Assert.Equal("2026-02-03T09:30:00Z", (await customer.CreditsAsync()).Text("renews_at"));
    }

    private static async Task<string> TeamAsync(Customer owner) =>
        (await owner.World.Operator.PostAsync("admin/workspaces", Json.Of(new { account_id = owner.AccountId, name = "Studio" }))).Is(201).Text("workspace_id");
}
