using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Balances;

/// <summary><c>GET /credits</c> and <c>GET /credits/balance</c>.</summary>
public sealed class CreditsTests
{
    [Fact]
    public async Task Credits_tell_what_is_left_by_kind()
    {
        var customer = await (await World.Shared).CustomerAsync("bluma", "starter");
        await customer.TopUpAsync(20);
        await customer.GrantAsync(2.25m);
        await customer.AdmitAsync(Requests.Six);
        (await customer.Own.GetAsync("credits")).Is(200).Shows($$"""
            {
              "workspace_id": "{{customer.WorkspaceId}}", "credits": 116.25, "plan_credits": 94, "top_up_credits": 20, "bonus_credits": 2.25,
              "plan": "starter", "plan_status": "active", "monthly_allowance": 100,
              "period_starts_at": "2025-11-01T00:00:00Z", "renews_at": "2025-12-01T00:00:00Z", "overage_used": 0, "overage_amount": null, "debt": 0, "running": 1,
              "grants": [
                { "id": "*", "kind": "plan", "left": 94, "expires_at": "2025-12-01T00:00:00Z" },
                { "id": "*", "kind": "bonus", "left": 2.25, "expires_at": null },
                { "id": "*", "kind": "top_up", "left": 20, "expires_at": null }
              ],
              "test_mode": false
            }
            """);
    }

    [Fact]
    public async Task Credits_are_written_as_exact_decimals_without_trailing_zeros()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        await customer.GrantAsync(0.125m);
        var body = (await customer.CreditsAsync()).Body;
        Assert.Contains("\"credits\":10.125,", body, StringComparison.Ordinal);
        Assert.Contains("\"plan_credits\":0,", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_plan_there_is_nothing_to_renew()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        (await customer.Own.GetAsync("credits")).Is(200).Shows($$"""
            {
              "workspace_id": "{{customer.WorkspaceId}}", "credits": 10, "plan_credits": 0, "top_up_credits": 0, "bonus_credits": 10,
              "plan": null, "plan_status": "none", "monthly_allowance": 0,
              "period_starts_at": "2025-11-01T00:00:00Z", "renews_at": null, "overage_used": 0, "overage_amount": null, "debt": 0, "running": 0,
              "grants": [{ "id": "*", "kind": "bonus", "left": 10, "expires_at": null }], "test_mode": false
            }
            """);
        (await customer.Own.GetAsync("credits/balance")).Is(200).Shows("""
            {
              "credits": 10, "tier": "none", "monthly_allowance": 0, "overage_used": 0, "reset_date": null,
              "usage": { "total_spent": 0, "average_per_video": 0 }
            }
            """);
    }

    [Fact]
    public async Task Blumas_balance_sample_is_answered_field_by_field()
    {
        // Five videos for 12 credits need a template cheaper than the shipped ones: this seller has its own catalog.
        await using var world = await World.StartAsync(settings: OwnCatalog.Settings());
        var customer = await world.CustomerAsync("bluma", "starter");
        foreach (var duration in new[] { 30, 30, 30, 30, 60 })
        {
            await customer.CompleteAsync(await customer.AdmitAsync($$"""{"template_id": "plain", "duration": {{duration}}}"""));
        }

        (await customer.Own.GetAsync("credits/balance")).Is(200).Shows("""
            {
              "credits": 88, "tier": "starter", "monthly_allowance": 100, "overage_used": 0, "reset_date": "2025-12-01T00:00:00Z",
              "usage": { "total_spent": 12, "average_per_video": 2.4 }
            }
            """);
    }

    [Fact]
    public async Task The_average_has_one_decimal()
    {
        var customer = await (await World.Shared).CustomerAsync("bluma", "starter");
        await customer.AdmitAsync(Requests.Four);
        await customer.AdmitAsync(Requests.Four);
        await customer.AdmitAsync(Requests.Six);
        (await customer.Own.GetAsync("credits/balance")).Is(200).Shows("""
            {
              "credits": 86, "tier": "starter", "monthly_allowance": 100, "overage_used": 0, "reset_date": "2025-12-01T00:00:00Z",
              "usage": { "total_spent": 14, "average_per_video": 4.7 }
            }
            """);
    }

    [Fact]
    public async Task Overage_shows_in_both_and_takes_what_is_left()
    {
        var customer = await (await World.Shared).CustomerAsync("bluma", "starter");
        await customer.AdmitAsync(Requests.Ninety);
        await customer.AdmitAsync(Requests.FortyFive);
        await customer.AdmitAsync(Requests.TwentySeven);
        var credits = await customer.CreditsAsync();
        Assert.Equal((0, 2), (credits.Number("credits"), credits.Number("overage_used")));
        (await customer.Own.GetAsync("credits/balance")).Is(200).Shows("""
            {
              "credits": 0, "tier": "starter", "monthly_allowance": 100, "overage_used": 2, "reset_date": "2025-12-01T00:00:00Z",
              "usage": { "total_spent": 100, "average_per_video": 50 }
            }
            """);
    }

    [Fact]
    public async Task A_canceled_plan_says_so_and_does_not_renew()
    {
        var customer = await (await World.Shared).CustomerAsync("bluma", "starter");
        await customer.AdminAsync(HttpMethod.Delete, "subscription");
        var credits = await customer.CreditsAsync();
        Assert.Equal(("canceled", "starter", "null"), (credits.Text("plan_status"), credits.Text("plan"), credits.Text("renews_at")));
        Assert.Equal(100, credits.Number("credits"));
    }

    [Fact]
    public async Task A_test_key_says_so()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom", environment: "test");
        Assert.Equal("true", (await customer.Own.GetAsync("credits")).Is(200).Text("test_mode"));
    }
}
