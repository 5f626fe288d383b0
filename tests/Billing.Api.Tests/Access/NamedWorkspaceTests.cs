using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Access;

/// <summary>The service names its customer by X-Workspace-Id: no API key is needed.</summary>
public sealed class NamedWorkspaceTests
{
    private const string Nobodys = "ws_0000000000000000";

    [Fact]
    public async Task It_is_admitted_charged_and_settled_without_a_key()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom", "plus");
        (await customer.Session.DeleteAsync($"api-keys/{customer.KeyId}")).Is(200);
        var admitted = (await customer.Named.PostAsync("generations", Requests.Small)).Is(201);
        Assert.Equal((customer.WorkspaceId, "false", 59), (admitted.Text("workspace_id"), admitted.Text("test_mode"), admitted.Number("credits")));
        Assert.Equal("running", (await customer.Named.GetAsync($"generations/{admitted.Text("id")}")).Is(200).Text("status"));
        (await customer.Named.PostAsync($"generations/{admitted.Text("id")}/heartbeat")).Is(200);
        (await customer.Named.PostAsync($"generations/{admitted.Text("id")}/complete", "{}")).Is(200);
        Assert.Equal(59, (await customer.Named.GetAsync("credits")).Is(200).Number("credits"));
    }

    [Fact]
    public async Task It_acts_in_that_workspace_alone()
    {
        var world = await World.Shared;
        var (ada, bob) = (await world.CustomerAsync("bloom", "plus"), await world.CustomerAsync("bloom", "plus"));
        var team = (await world.Operator.PostAsync("admin/workspaces", Json.Of(new { account_id = ada.AccountId, name = "Team" }))).Is(201).Text("workspace_id");
        (await ada.Named.GetAsync("workspaces")).Is(200).Shows(
            $$"""{ "workspaces": [{ "id": "{{ada.WorkspaceId}}", "name": "Ada", "type": "personal", "role": "owner", "default": true, "product": "bloom" }] }""");
        var his = (await bob.AdmitAsync(Requests.Small)).Text("id");
        // Also the owner's other one: it is not the one that was named.
        foreach (var other in new[] { bob.WorkspaceId, team, Nobodys, "nonsense" })
        {
            (await ada.Named.GetAsync($"credits?workspaceId={other}")).Refused(404, "NOT_FOUND");
            foreach (var path in new[] { "generations", "generations/quote", "generations/check" })
            {
                (await ada.Named.PostAsync(path, Json.Of(new { size = "2K", workspace_id = other }))).Refused(404, "NOT_FOUND");
            }

            (await ada.Named.PostAsync("generations/batch", $$"""{"items": [{"size": "2K"}], "workspace_id": "{{other}}"}""")).Refused(404, "NOT_FOUND");
        }

        (await ada.Named.GetAsync($"generations/{his}")).Refused(404, "NOT_FOUND");
        (await ada.Named.PostAsync($"generations/{his}/complete", "{}")).Refused(404, "NOT_FOUND");
        (await ada.Named.PostAsync("generations", Json.Of(new { size = "2K", workspace_id = ada.WorkspaceId }))).Is(201);
    }

    [Fact]
    public async Task Of_a_team_too_and_like_a_key_of_its_owner()
    {
        var world = await World.Shared;
        var owner = await world.CustomerAsync("bloom", "plus");
        var team = (await world.Operator.PostAsync("admin/workspaces", Json.Of(new { account_id = owner.AccountId, name = "Team" }))).Is(201).Text("workspace_id");
        var named = world.ServiceFor(team);
        // Without a plan and without credits, as with a key.
        var refused = (await named.PostAsync("generations", Requests.Small)).Refused(402, "INSUFFICIENT_CREDITS");
        Assert.Equal("120", refused.Header("X-RateLimit-Limit"));
        (await owner.TryAdmitAsync(Json.Of(new { workspace_id = team, size = "2K" }))).Refused(402, "INSUFFICIENT_CREDITS");
        (await world.Operator.PostAsync($"admin/workspaces/{team}/grants", """{"credits": 5, "reason": "Start"}""")).Is(201);
        var id = (await named.PostAsync("generations", Requests.Small)).Is(201).Text("id");
        Assert.Equal("team", (await named.GetAsync("workspaces")).Is(200).Text("workspaces.0.type"));
        var hook = (await named.PostAsync("webhooks", """{"url": "http://127.0.0.1:9/", "events": ["ping"]}""")).Is(201).Text("id");
        Assert.Equal(1, (await owner.Own.GetAsync($"webhooks?workspaceId={team}")).Is(200).At("webhooks").GetArrayLength());
        (await owner.Named.DeleteAsync($"webhooks/{hook}")).Refused(404, "NOT_FOUND");
        (await named.DeleteAsync($"webhooks/{hook}")).Is(200);
        (await owner.Named.PostAsync($"generations/{id}/complete", "{}")).Refused(404, "NOT_FOUND");
        (await named.PostAsync($"generations/{id}/complete", "{}")).Is(200);
        (await named.PostAsync("refunds", Json.Of(new { generation_id = id, reason = "quality_issue" }))).Is(202);
    }

    [Theory]
    [InlineData(Nobodys)]
    [InlineData("ws_1")]
    [InlineData("acct_0123456789abcdef")]
    [InlineData("nonsense")]
    [InlineData("")]
    public async Task What_is_no_workspace_is_not_there(string workspaceId)
    {
        var customer = await (await World.Shared).CustomerAsync("bloom", "plus");
        var id = (await customer.AdmitAsync(Requests.Small)).Text("id");
        var named = customer.World.ServiceFor(workspaceId);
        (await named.PostAsync("generations", Requests.Small)).Refused(404, "NOT_FOUND");
        (await named.GetAsync("credits")).Refused(404, "NOT_FOUND");
        (await named.PostAsync($"generations/{id}/complete", "{}")).Refused(404, "NOT_FOUND");
        (await named.PostAsync("keys/verify", Json.Of(new { key = customer.Key }))).Refused(404, "NOT_FOUND");
    }

    [Fact]
    public async Task A_customer_is_named_in_one_way()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom", "plus");
        var id = (await customer.AdmitAsync(Requests.Small)).Text("id");
        foreach (var path in new[] { "generations", "generations/check", $"generations/{id}/complete" })
        {
            var body = path.StartsWith("generations/g", StringComparison.Ordinal) ? "{}" : Requests.Small;
            var both = await (customer.Service with { Workspace = customer.WorkspaceId }).PostAsync(path, body);
            both.Names("X-Api-Key");
            both.Names("X-Workspace-Id");
            (await TwiceAsync(customer.Named, "X-Workspace-Id", customer.WorkspaceId)).Names("X-Workspace-Id");
            (await TwiceAsync(customer.Service, "X-Api-Key", customer.Key)).Names("X-Api-Key");
            (await TwiceAsync(customer.NamedTest, "X-Test-Mode", "true")).Names("X-Test-Mode");
            (await WithAsync(customer.Named, "X-External-Id", "c-1")).Names("X-External-Id");

            Task<Answer> TwiceAsync(Client client, string name, string value) => WithAsync(client, name, value);

            Task<Answer> WithAsync(Client client, string name, string value) =>
                client.SendAsync(HttpMethod.Post, path, new StringContent(body, System.Text.Encoding.UTF8, "application/json"), (name, value));
        }

        Assert.Equal("running", (await customer.Named.GetAsync($"generations/{id}")).Is(200).Text("status"));
        Assert.Equal(59, await customer.LeftAsync());
    }

    [Fact]
    public async Task Test_mode_is_the_test_key_of_who_has_none()
    {
        var customer = await (await World.Shared).CustomerAsync("bluma", "pro");
        var admitted = (await customer.NamedTest.PostAsync("generations", Requests.FortyFive, "order-1")).Is(201);
        admitted.Shows("""{ "credits": 0, "overage_units": 0, "overage": null }""", "charged");
        Assert.Equal(
            ("true", 500, "true", "low", "low"),
            (admitted.Text("test_mode"), admitted.Number("credits"), admitted.Text("entitlements.watermark"), admitted.Text("entitlements.quality"), admitted.Text("entitlements.priority")));
        Assert.Equal("true", (await customer.NamedTest.GetAsync("credits")).Is(200).Text("test_mode"));
        // The same name of an attempt is another one in the other environment, and the same with a key of this one.
        var live = (await customer.Named.PostAsync("generations", Requests.FortyFive, "order-1")).Is(201);
        Assert.Equal(("false", 455), (live.Text("test_mode"), live.Number("credits")));
        Assert.Equal(admitted.Body, (await (await customer.WithKeyAsync("test")).AdmitAsync(Requests.FortyFive, "order-1")).Body);
        Assert.Equal(live.Body, (await customer.World.ServiceFor(customer.WorkspaceId, test: false).PostAsync("generations", Requests.FortyFive, "order-1")).Is(201).Body);
        // What is of the other environment is not there.
        foreach (var (named, other) in new[] { (customer.NamedTest, live), (customer.Named, admitted) })
        {
            (await named.PostAsync($"generations/{other.Text("id")}/complete", "{}")).Refused(404, "NOT_FOUND");
        }

        (await customer.NamedTest.GetAsync($"generations/{live.Text("id")}")).Refused(404, "NOT_FOUND");
        (await customer.NamedTest.PostAsync("webhooks", """{"url": "http://127.0.0.1:9/", "events": ["ping"]}""")).Refused(403, "FORBIDDEN");
        (await customer.NamedTest.PostAsync($"generations/{admitted.Text("id")}/complete", "{}")).Is(200);
        (await customer.Named.PostAsync($"generations/{live.Text("id")}/complete", "{}")).Is(200);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("True")]
    [InlineData("yes")]
    [InlineData("")]
    public async Task Test_mode_is_true_or_false(string value)
    {
        var customer = await (await World.Shared).CustomerAsync("bloom", "plus");
        (await (customer.Named with { TestMode = value }).PostAsync("generations", Requests.Small)).Names("X-Test-Mode");
        Assert.Equal(60, await customer.LeftAsync());
    }

    [Fact]
    public async Task Test_mode_may_not_contradict_the_key_and_needs_a_customer()
    {
        var live = await (await World.Shared).CustomerAsync("bloom", "plus");
        var test = await live.WithKeyAsync("test");
        foreach (var (customer, said, status) in new[] { (live, "true", 400), (live, "false", 201), (test, "false", 400), (test, "true", 201) })
        {
            var answer = (await (customer.Service with { TestMode = said }).PostAsync("generations", Requests.Small)).Is(status);
            Assert.True(status == 201 || answer.Names("X-Test-Mode") is not null);
        }

        var id = (await live.AdmitAsync(Requests.Small)).Text("id");
        (await live.Session.DeleteAsync($"api-keys/{live.KeyId}")).Is(200);
        (await (live.Service with { TestMode = "true" }).PostAsync($"generations/{id}/complete", "{}")).Names("X-Test-Mode");
        foreach (var said in new[] { "true", "false" })
        {
            (await (live.World.Service() with { TestMode = said }).PostAsync($"generations/{id}/complete", "{}")).Names("X-Test-Mode");
        }

        (await (live.Service with { TestMode = "false" }).PostAsync($"generations/{id}/complete", "{}")).Is(200);
    }

    [Fact]
    public async Task Verifying_counts_the_key_that_is_named_not_the_workspace()
    {
        var customer = await (await World.Shared).CustomerAsync("gleam");
        Assert.Equal("4", (await customer.Named.PostAsync("keys/verify", Json.Of(new { key = customer.Key }))).Is(200).Header("X-RateLimit-Remaining"));
        Assert.Equal("5", (await customer.Named.GetAsync("credits")).Is(200).Header("X-RateLimit-Remaining"));
    }
}
