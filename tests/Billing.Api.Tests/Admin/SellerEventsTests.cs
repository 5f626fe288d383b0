using System.Text.Json;
using Billing.Api.Tests.Webhooks;
using Billing.Api.Tests.Worlds;
using Billing.Testing;

namespace Billing.Api.Tests.Admin;

/// <summary>The seller's feed: <c>GET /admin/events</c>.</summary>
public sealed class SellerEventsTests
{
    [Fact]
    public async Task It_tells_of_every_workspace_with_the_sellers_own_id()
    {
        await using var world = await World.StartAsync();
        var account = (await world.Operator.PostAsync("admin/accounts", """{"product": "bluma", "name": "Ada", "email": "ada@example.com", "plan": "starter", "external_id": "cus_1"}""")).Is(201);
        var customer = await world.CustomerAsync("bluma", account.Text("account_id"), account.Text("workspace_id"));
        await customer.TopUpAsync(100);
        var admitted = await customer.AdmitAsync(Requests.Four);
        await customer.CompleteAsync(admitted);
        (await customer.Own.PostAsync("refunds", Json.Of(new { generation_id = admitted.Text("id"), reason = "quality_issue" }))).Is(202);
        await customer.PayAsync("failed");
        var events = await SeenAsync(world, 5);
        Assert.Equal(["account.created", "subscription.changed", "credits.topped_up", "refund.requested", "subscription.paused"], events.Select(Type));
        Assert.Equal([1, 2, 3, 4, 5], events.Select(one => one.GetProperty("sequence").GetInt32()));
        Assert.All(events, one => Assert.Equal(("cus_1", customer.WorkspaceId), (one.GetProperty("external_id").GetString(), one.GetProperty("workspace_id").GetString())));
        Assert.Equal(customer.AccountId, events[0].GetProperty("data").GetProperty("account_id").GetString());
        Assert.Equal("quality_issue", events[3].GetProperty("data").GetProperty("reason").GetString());
        Assert.All(events, one => Assert.StartsWith($"evt_{customer.WorkspaceId[3..]}", one.GetProperty("id").GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Low_and_exhausted_credits_are_told_once_and_again_when_credits_came()
    {
        await using var world = await World.StartAsync();
        var customer = await world.CustomerAsync("bloom", "plus");
        for (var left = 40; left >= 0; left -= 20)
        {
            await customer.AdmitAsync(Requests.Bloom("2K", left == 0 ? 15 : 20));
        }

        (await customer.TryAdmitAsync(Requests.Bloom("2K", 20))).Refused(402, "INSUFFICIENT_CREDITS");
        (await customer.TryAdmitAsync(Requests.Bloom("2K", 20))).Refused(402, "INSUFFICIENT_CREDITS");
        await customer.GrantAsync(15);
        await customer.AdmitAsync(Requests.Bloom("2K", 15));
        var events = await SeenAsync(world, 5);
        Assert.Equal(["credits.low", "credits.exhausted", "credits.low"], events.Select(Type).Skip(2));
    }

    [Fact]
    public async Task Whoever_goes_on_from_next_gets_each_event_once()
    {
        await using var world = await World.StartAsync();
        var customers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => world.CustomerAsync("bluma", "starter")));
        await Task.WhenAll(customers.Select(async customer => await customer.TopUpAsync(100)));
        await SeenAsync(world, 36);
        var (seen, after) = (new List<JsonElement>(), "");
        while (true)
        {
            var answer = (await world.Operator.GetAsync($"admin/events?limit=5{after}")).Is(200);
            var page = answer.At("events").EnumerateArray().ToList();
            if (page.Count == 0)
            {
                Assert.Equal(answer.Text("next"), (await world.Operator.GetAsync($"admin/events?after={answer.Text("next")}")).Text("next"));
                break;
            }

            seen.AddRange(page);
            after = $"&after={answer.Text("next")}";
        }

        Assert.Equal(36, seen.Select(one => one.GetProperty("id").GetString()).Distinct().Count());
        Assert.Equal(36, seen.Count);
        Assert.All(seen.GroupBy(one => one.GetProperty("workspace_id").GetString()), workspace => Assert.Equal([1, 2, 3], workspace.Select(one => one.GetProperty("sequence").GetInt32())));
        await customers[0].TopUpAsync(100);
        var more = await Eventually.SeeAsync(() => world.Operator.GetAsync($"admin/events?limit=5{after}"), answer => answer.At("events").GetArrayLength() > 0);
        Assert.Equal(["credits.topped_up"], more.At("events").EnumerateArray().Select(Type));
        (await world.Operator.GetAsync("admin/events?after=nonsense!")).Names("after");
        (await world.Operator.GetAsync("admin/events?limit=1001")).Names("limit");
        (await customers[0].Own.GetAsync("admin/events")).Refused(403, "FORBIDDEN");
    }

    [Fact]
    public async Task A_change_of_the_sellers_id_is_told_from_then_on()
    {
        await using var world = await World.StartAsync();
        var account = (await world.Operator.PostAsync("admin/accounts", """{"product": "bluma", "name": "Ada", "email": "ada@example.com", "plan": "starter", "external_id": "cus_1"}""")).Is(201);
        await SeenAsync(world, 2);
        (await world.Operator.PatchAsync($"admin/accounts/{account.Text("account_id")}", """{"external_id": "cus_2"}""")).Is(200);
        (await world.Operator.PostAsync($"admin/workspaces/{account.Text("workspace_id")}/top-ups", """{"credits": 100, "reference": "ch_1"}""")).Is(201);
        Assert.Equal(["cus_1", "cus_1", "cus_2"], (await SeenAsync(world, 3)).Select(one => one.GetProperty("external_id").GetString()));
    }

    [Fact]
    public async Task The_end_of_a_subscription_is_told_by_time_alone()
    {
        await using var world = await World.StartAsync();
        var customer = await world.CustomerAsync("bluma", "starter");
        await customer.AdminAsync(HttpMethod.Delete, "subscription");
        await SeenAsync(world, 3);
        await world.MoveAsync("2025-12-01T00:00:01Z");
        (await world.Operator.PostAsync("admin/jobs/renewals")).Is(200);
        var events = await SeenAsync(world, 5);
        Assert.Equal(["subscription.changed", "subscription.ended", "credits.renewed"], events.Select(Type).Skip(2));
        Assert.Equal(("starter", "free"), (events[3].GetProperty("data").GetProperty("plan").GetString(), events[3].GetProperty("data").GetProperty("next_plan").GetString()));
        await Eventually.SeeAsync(() => world.Operator.GetAsync("admin/accounts?plan=free"), answer => answer.At("accounts").GetArrayLength() == 1);
    }

    [Fact]
    public async Task An_endpoint_of_the_sellers_hears_of_every_workspace_whichever_came_first()
    {
        await using var world = await World.StartAsync();
        await using var receiver = new Receiver();
        await world.CustomerAsync("bluma", "starter");
        await SeenAsync(world, 2);
        var created = (await world.Operator.PostAsync("admin/webhooks", Json.Of(new { url = receiver.Url, events = new[] { "*" } }))).Is(201);
        created.Shows($$"""
            {"id": "we_*", "url": "{{receiver.Url}}",
             "events": ["account.created", "audit.failed", "credits.exhausted", "credits.low", "credits.renewed", "credits.topped_up", "generation.refunded", "overage.charged", "refund.requested",
                        "subscription.changed", "subscription.ended", "subscription.paused", "subscription.resumed", "webhook.disabled"],
             "status": "enabled", "disabled_reason": null, "disabled_at": null, "created_at": "{{World.Start}}", "secret": "whsec_*"}
            """);
        var accounts = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => world.Operator.PostAsync(
            "admin/accounts", Json.Of(new { product = "bloom", name = "Ada", email = "ada@example.com", external_id = $"cus_{number}" }))));
        var arrivals = await Eventually.SeeAsync(() => Task.FromResult(receiver.Arrivals), all => all.Count >= 20);
        Assert.Equal(20, arrivals.Count);
        var bodies = arrivals.Select(arrival => JsonDocument.Parse(arrival.Body).RootElement).ToList();
        Assert.All(bodies, body => Assert.Equal("account.created", Type(body)));
        Assert.Equal(
            accounts.Select(account => account.Text("workspace_id")).Order(StringComparer.Ordinal),
            bodies.Select(body => body.GetProperty("data").GetProperty("workspace_id").GetString()!).Order(StringComparer.Ordinal));
        Assert.Equal(Enumerable.Range(0, 20).Select(number => $"cus_{number}").Order(StringComparer.Ordinal), bodies.Select(body => body.GetProperty("data").GetProperty("external_id").GetString()!).Order(StringComparer.Ordinal));

        // An event has one id, in the feed and on its way.
        var fed = (await SeenAsync(world, 22)).Select(one => one.GetProperty("id").GetString()).ToList();
        Assert.All(arrivals, arrival => Assert.Contains(arrival.EventId, fed));

        var listed = (await world.Operator.GetAsync("admin/webhooks")).Is(200);
        Assert.Equal((1, created.Text("id")), (listed.At("webhooks").GetArrayLength(), listed.Text("webhooks.0.id")));
        (await world.Operator.DeleteAsync($"admin/webhooks/{created.Text("id")}")).Is(200);
        (await world.Operator.DeleteAsync($"admin/webhooks/{created.Text("id")}")).Refused(404, "NOT_FOUND");
        Assert.Equal(0, (await world.Operator.GetAsync("admin/webhooks")).At("webhooks").GetArrayLength());
        (await world.Operator.PostAsync("admin/webhooks", Json.Of(new { url = receiver.Url, events = new[] { "ping" } }))).Names("events");
        (await world.Operator.PostAsync("admin/webhooks", Json.Of(new { url = "ftp://x", events = new[] { "*" } }))).Names("url");
    }

    [Fact]
    public async Task Nobody_meets_a_lane_of_the_feed()
    {
        await using var world = await World.StartAsync();
        var customer = await world.CustomerAsync("bluma", "starter");
        var events = await SeenAsync(world, 2);
        Assert.Equal(2, events.Count);
        foreach (var number in Enumerable.Range(0, 8))
        {
            var lane = $"ws_0feed----------{number}";
            (await world.Operator.GetAsync($"admin/workspaces/{lane}")).Refused(404, "NOT_FOUND");
            (await world.Operator.GetAsync($"credits?workspaceId={lane}")).Refused(404, "NOT_FOUND");
            (await world.ServiceFor(lane).PostAsync("generations", Requests.Four)).Refused(404, "NOT_FOUND");
            (await customer.Own.GetAsync($"webhooks?workspaceId={lane}")).Refused(404, "NOT_FOUND");
            (await world.Operator.PostAsync($"admin/workspaces/{lane}/grants", """{"credits": 5, "reason": "Start"}""")).Refused(404, "NOT_FOUND");
        }
    }

    private static string Type(JsonElement one) => one.GetProperty("type").GetString()!;

    /// <summary>Waits until the feed has so many events.</summary>
    private static async Task<List<JsonElement>> SeenAsync(World world, int count)
    {
        var answer = await Eventually.SeeAsync(() => world.Operator.GetAsync("admin/events?limit=1000"), seen => seen.Is(200).At("events").GetArrayLength() >= count);
        Assert.Equal(count, answer.At("events").GetArrayLength());
        return [.. answer.At("events").EnumerateArray()];
    }
}
