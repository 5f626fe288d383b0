using System.Text.Json;
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

    private static string Type(JsonElement one) => one.GetProperty("type").GetString()!;

    /// <summary>Waits until the feed has so many events.</summary>
    private static async Task<List<JsonElement>> SeenAsync(World world, int count)
    {
        var answer = await Eventually.SeeAsync(() => world.Operator.GetAsync("admin/events?limit=1000"), seen => seen.Is(200).At("events").GetArrayLength() >= count);
        Assert.Equal(count, answer.At("events").GetArrayLength());
        return [.. answer.At("events").EnumerateArray()];
    }
}
