using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Workspaces;

/// <summary>Team workspaces, their members, and who sees what.</summary>
public sealed class TeamTests
{
    [Fact]
    public async Task A_team_of_a_product_without_a_free_plan_starts_without_a_plan_and_without_credits()
    {
        var world = await World.Shared;
        var ada = await world.CustomerAsync("bloom", "pro");
        var created = (await world.Operator.PostAsync("admin/workspaces", Json.Of(new { account_id = ada.AccountId, name = "Studio" }))).Is(201);
        var team = created.Text("workspace_id");
        created.Shows($$"""{ "id": "{{team}}", "workspace_id": "{{team}}", "name": "Studio", "type": "team", "owner_account_id": "{{ada.AccountId}}" }""");
        (await ada.Own.GetAsync($"credits?workspaceId={team}")).Is(200).Shows($$"""
            {
              "workspace_id": "{{team}}", "credits": 0, "plan_credits": 0, "top_up_credits": 0, "bonus_credits": 0,
              "plan": null, "plan_status": "none", "monthly_allowance": 0,
              "period_starts_at": "2025-11-01T00:00:00Z", "renews_at": null, "overage_used": 0, "overage_amount": null, "debt": 0, "running": 0,
              "grants": [], "test_mode": false
            }
            """);
        Assert.Equal(0, (await ada.Own.GetAsync($"credits/history?workspaceId={team}")).Is(200).Number("total"));
        (await ada.Own.GetAsync("workspaces")).Is(200).Shows($$"""
            {
              "workspaces": [
                { "id": "{{ada.WorkspaceId}}", "name": "Ada", "type": "personal", "role": "owner", "default": true, "product": "bloom" },
                { "id": "{{team}}", "name": "Studio", "type": "team", "role": "owner", "default": false, "product": "bloom" }
              ]
            }
            """);
    }

    [Theory]
    [InlineData("bluma", Requests.Four, 10, 6)]
    [InlineData("gleam", Requests.Image, 100, 99)]
    public async Task A_team_starts_on_the_products_free_plan(string product, string request, int allowance, int left)
    {
        var ada = await (await World.Shared).CustomerAsync(product);
        var team = await TeamAsync(ada);
        Assert.Equal(("active", "free", allowance), (await ada.Own.GetAsync($"credits?workspaceId={team}")) is var credits ? (credits.Text("plan_status"), credits.Text("plan"), credits.Number("credits")) : default);
        var admitted = await ada.AdmitAsync(request.Replace("{", $$"""{"workspaceId": "{{team}}",""", StringComparison.Ordinal).Replace(",}", "}", StringComparison.Ordinal));
        Assert.Equal((team, left, allowance), (admitted.Text("workspace_id"), admitted.Number("credits"), await ada.LeftAsync()));
    }

    [Fact]
    public async Task Members_spend_the_teams_credits_and_nobody_else_sees_it()
    {
        var world = await World.Shared;
        var (ada, bob, eve) = (await world.CustomerAsync("bloom"), await world.CustomerAsync("bloom"), await world.CustomerAsync("bloom"));
        var team = await TeamAsync(ada);
        (await world.Operator.PutAsync($"admin/workspaces/{team}/subscription", """{"plan": "plus"}""")).Is(200);
        var request = $$"""{"size": "4K", "variant_count": 5, "workspace_id": "{{team}}"}""";
        (await bob.TryAdmitAsync(request)).Refused(404, "NOT_FOUND");

        (await world.Operator.PostAsync($"admin/workspaces/{team}/members", Json.Of(new { account_id = bob.AccountId }))).Is(201).Shows(
            $$"""{ "workspace_id": "{{team}}", "account_id": "{{bob.AccountId}}", "role": "member" }""");
        (await world.Operator.PostAsync($"admin/workspaces/{team}/members", Json.Of(new { account_id = bob.AccountId, role = "member" }))).Is(201);
        var admitted = (await bob.TryAdmitAsync(request)).Is(201);
        Assert.Equal((40, team), (admitted.Number("credits"), admitted.Text("workspace_id")));
        Assert.Equal((10, 10), (await ada.LeftAsync(), await bob.LeftAsync()));
        Assert.Equal("member", (await bob.Own.GetAsync("workspaces")).At("workspaces.1.role").GetString());
        (await ada.Own.GetAsync($"generations/{admitted.Text("id")}")).Is(200);

        (await eve.Own.GetAsync($"generations/{admitted.Text("id")}")).Refused(404, "NOT_FOUND");
        (await eve.Service.PostAsync($"generations/{admitted.Text("id")}/complete")).Refused(404, "NOT_FOUND");
        (await eve.Own.GetAsync($"credits?workspaceId={team}")).Refused(404, "NOT_FOUND");
        Assert.Equal(1, (await eve.Own.GetAsync("workspaces")).At("workspaces").GetArrayLength());
    }

    [Fact]
    public async Task Who_is_removed_uses_it_no_longer()
    {
        var world = await World.Shared;
        var (ada, bob) = (await world.CustomerAsync("bloom"), await world.CustomerAsync("bloom"));
        var team = await TeamAsync(ada);
        (await world.Operator.PostAsync($"admin/workspaces/{team}/members", Json.Of(new { account_id = bob.AccountId }))).Is(201);
        (await bob.Own.GetAsync($"credits?workspaceId={team}")).Is(200);
        (await world.Operator.DeleteAsync($"admin/workspaces/{team}/members", Json.Of(new { account_id = bob.AccountId }))).Is(204);
        (await bob.Own.GetAsync($"credits?workspaceId={team}")).Refused(404, "NOT_FOUND");
        (await world.Operator.DeleteAsync($"admin/workspaces/{team}/members?account_id={bob.AccountId}")).Refused(404, "NOT_FOUND");
        (await world.Operator.DeleteAsync($"admin/workspaces/{team}/members?account_id={ada.AccountId}")).Refused(409, "CONFLICT");
        (await world.Operator.DeleteAsync($"admin/workspaces/{team}/members")).Names("account_id");
    }

    [Fact]
    public async Task Who_does_not_belong_cannot_be_added()
    {
        var world = await World.Shared;
        var (ada, bob, stranger) = (await world.CustomerAsync("bloom"), await world.CustomerAsync("bloom"), await world.CustomerAsync("bluma"));
        var team = await TeamAsync(ada);
        (await world.Operator.PostAsync($"admin/workspaces/{team}/members", Json.Of(new { account_id = stranger.AccountId }))).Refused(409, "CONFLICT");
        (await world.Operator.PostAsync($"admin/workspaces/{ada.WorkspaceId}/members", Json.Of(new { account_id = bob.AccountId }))).Refused(409, "CONFLICT");
        (await world.Operator.PostAsync($"admin/workspaces/{team}/members", """{"account_id": "acct_0000000000000000"}""")).Refused(404, "NOT_FOUND");
        (await world.Operator.PostAsync("admin/workspaces/ws_0000000000000000/members", Json.Of(new { account_id = bob.AccountId }))).Refused(404, "NOT_FOUND");
        (await world.Operator.PostAsync("admin/workspaces", """{"account_id": "acct_0000000000000000", "name": "Studio"}""")).Refused(404, "NOT_FOUND");
    }

    [Fact]
    public async Task The_keys_own_limit_holds_in_every_workspace()
    {
        var ada = await (await (await World.Shared).CustomerAsync("bloom")).LimitedAsync(3);
        var team = await TeamAsync(ada);
        await ada.World.Operator.PostAsync($"admin/workspaces/{team}/grants", """{"credits": 9, "reason": "Start"}""");
        var request = $$"""{"size": "2K", "workspace_id": "{{team}}"}""";
        Assert.Equal("2", (await ada.TryAdmitAsync(request)).Is(201).Header("X-RateLimit-Remaining"));
        await ada.AdmitAsync(Requests.Small);
        Assert.Equal("0", (await ada.TryAdmitAsync(request)).Is(201).Header("X-RateLimit-Remaining"));
        (await ada.TryAdmitAsync(request)).Refused(429, "TOO_MANY_REQUESTS");
    }

    private static async Task<string> TeamAsync(Customer owner) =>
        (await owner.World.Operator.PostAsync("admin/workspaces", Json.Of(new { account_id = owner.AccountId, name = "Team" }))).Is(201).Text("workspace_id");
}
