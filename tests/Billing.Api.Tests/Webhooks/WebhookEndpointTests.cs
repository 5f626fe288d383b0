using Billing.Api.Tests.Worlds;
using Billing.Testing;

namespace Billing.Api.Tests.Webhooks;

public sealed class WebhookEndpointTests
{
    [Fact]
    public async Task A_webhook_is_created_listed_tested_and_deleted()
    {
        var world = await World.Shared;
        var customer = await world.CustomerAsync("bluma");
        await using var receiver = new Receiver();
        var created = (await customer.Own.PostAsync("webhooks", Json.Of(new { url = receiver.Url, events = new[] { "credits.low", "credits.exhausted" }, low_threshold = 2.5 }))).Is(201);
        created.Shows($$"""
            {"id": "we_*", "workspace_id": "{{customer.WorkspaceId}}", "url": "{{receiver.Url}}", "events": ["credits.low", "credits.exhausted"], "low_threshold": 2.5,
             "status": "enabled", "disabled_reason": null, "disabled_at": null, "failing_since": null, "created_at": "{{World.Start}}", "secret": "whsec_*"}
            """);

        var id = created.Text("id");
        var listed = (await customer.Service.GetAsync("webhooks")).Is(200);
        Assert.Equal((1, id), (listed.At("webhooks").GetArrayLength(), listed.Text("webhooks.0.id")));
        Assert.False(listed.At("webhooks.0").TryGetProperty("secret", out _));

        var ping = (await customer.Session.PostAsync($"webhooks/{id}/test")).Is(202);
        ping.Shows($$"""
            {"id": "dlv_*", "event_id": "evt_*", "type": "ping", "status": "pending", "failure": null, "attempt_count": 0, "attempts": [],
             "next_attempt_at": "{{World.Start}}", "created_at": "{{World.Start}}"}
            """);
        var arrival = (await Eventually.SeeAsync(() => Task.FromResult(receiver.Arrivals), all => all.Count == 1))[0];
        Assert.Equal(ping.Text("event_id"), arrival.EventId);
        Assert.Equal(
            $$$"""{"type":"ping","timestamp":"{{{World.Start}}}","sequence":3,"data":{"webhook_id":"{{{id}}}","workspace_id":"{{{customer.WorkspaceId}}}"}}""",
            System.Text.Encoding.UTF8.GetString(arrival.Body));

        (await customer.Session.DeleteAsync($"webhooks/{id}")).Is(200).Shows($$"""{"id": "{{id}}", "deleted": true}""");
        Assert.Equal(0, (await customer.Own.GetAsync("webhooks")).Is(200).At("webhooks").GetArrayLength());
        foreach (var request in new[] { customer.Own.DeleteAsync($"webhooks/{id}"), customer.Own.PostAsync($"webhooks/{id}/test"), customer.Own.PostAsync($"webhooks/{id}/rotate"), customer.Own.GetAsync($"webhooks/{id}/deliveries") })
        {
            (await request).Refused(404, "NOT_FOUND");
        }
    }

    [Fact]
    public async Task Deliveries_are_listed_newest_first_and_can_be_replayed()
    {
        var customer = await (await World.Shared).CustomerAsync("bluma");
        await using var receiver = new Receiver(Receiver.Says(200, "thanks"));
        var subscription = await Subscription.CreateAsync(customer, receiver);
        for (var credits = 20; credits < 25; credits++)
        {
            await customer.TopUpAsync(credits);
        }

        await Eventually.SeeAsync(subscription.DeliveriesAsync, all => all.At("deliveries").GetArrayLength() == 5 && all.At("deliveries").EnumerateArray().All(one => one.GetProperty("status").GetString() == "succeeded"));
        var first = (await customer.Own.GetAsync($"webhooks/{subscription.Id}/deliveries?limit=2")).Is(200);
        var second = (await customer.Own.GetAsync($"webhooks/{subscription.Id}/deliveries?limit=2&cursor={first.Text("next_cursor")}")).Is(200);
        var third = (await customer.Own.GetAsync($"webhooks/{subscription.Id}/deliveries?limit=2&cursor={second.Text("next_cursor")}")).Is(200);
        var listed = new[] { first, second, third }.SelectMany(page => page.At("deliveries").EnumerateArray()).Select(one => one.GetProperty("event_id").GetString()).ToList();
        Assert.Equal(receiver.Arrivals.Select(arrival => arrival.EventId).OrderDescending(StringComparer.Ordinal), listed);
        Assert.Equal("null", third.Text("next_cursor"));

        var oldest = third.Text("deliveries.0.id");
        (await customer.Own.PostAsync($"webhooks/{subscription.Id}/deliveries/{oldest}/replay")).Is(202);
        var again = await Eventually.SeeAsync(() => Task.FromResult(receiver.Arrivals), all => all.Count == 6);
        Assert.Equal(listed[^1], again[5].EventId);
        Assert.Equal(again.First(arrival => arrival.EventId == listed[^1]).Body, again[5].Body);
        (await customer.Own.PostAsync($"webhooks/{subscription.Id}/deliveries/{oldest[..^1]}z/replay")).Refused(404, "NOT_FOUND");
        (await customer.Own.GetAsync($"webhooks/{subscription.Id}/deliveries?limit=101")).Names("limit");
        foreach (var cursor in new[] { "", "%20", "AAAA", "dHhuOjE", new string('A', 501) })
        {
            (await customer.Own.GetAsync($"webhooks/{subscription.Id}/deliveries?cursor={cursor}")).Names("cursor");
        }
    }

    [Fact]
    public async Task Somebody_elses_webhook_does_not_exist()
    {
        var world = await World.Shared;
        var (customer, other) = (await world.CustomerAsync("bluma"), await world.CustomerAsync("bluma"));
        await using var receiver = new Receiver();
        var subscription = await Subscription.CreateAsync(customer, receiver);
        await subscription.TestAsync();
        var delivery = (await subscription.SeesAttemptsAsync(1)).GetProperty("id").GetString();
        foreach (var request in new[]
        {
            other.Own.DeleteAsync($"webhooks/{subscription.Id}"),
            other.Session.PostAsync($"webhooks/{subscription.Id}/test"),
            other.Service.PostAsync($"webhooks/{subscription.Id}/rotate"),
            other.Own.GetAsync($"webhooks/{subscription.Id}/deliveries"),
            other.Own.PostAsync($"webhooks/{subscription.Id}/deliveries/{delivery}/replay"),
            other.Own.GetAsync($"webhooks?workspaceId={customer.WorkspaceId}"),
            other.Own.PostAsync("webhooks", Json.Of(new { url = receiver.Url, events = new[] { "ping" }, workspace_id = customer.WorkspaceId })),
        })
        {
            (await request).Refused(404, "NOT_FOUND");
        }

        (await world.Operator.GetAsync("webhooks")).Refused(400, "INVALID_REQUEST");
        (await world.Anyone.GetAsync("webhooks")).Refused(401, "UNAUTHORIZED");
    }

    [Theory]
    [InlineData("""{"events": ["ping"]}""", "url")]
    [InlineData("""{"url": "ftp://example.com", "events": ["ping"]}""", "url")]
    [InlineData("""{"url": "https://10.0.0.1/", "events": ["ping"]}""", "url")]
    [InlineData("""{"url": "https://user:pass@example.com/", "events": ["ping"]}""", "url")]
    [InlineData("""{"url": "https://example.com/"}""", "events")]
    [InlineData("""{"url": "https://example.com/", "events": []}""", "events")]
    [InlineData("""{"url": "https://example.com/", "events": ["credits.lo"]}""", "events")]
    [InlineData("""{"url": "https://example.com/", "events": [1]}""", "events")]
    [InlineData("""{"url": "https://example.com/", "events": ["ping"], "low_threshold": 0}""", "low_threshold")]
    [InlineData("""{"url": "https://example.com/", "events": ["ping"], "secret": "mine"}""", "secret")]
    public async Task What_is_wrong_is_named(string json, string field)
    {
        var customer = await (await World.Shared).CustomerAsync("bluma");
        (await customer.Session.PostAsync("webhooks", json)).Names(field);
    }

    [Fact]
    public async Task The_twenty_first_webhook_is_a_conflict()
    {
        var customer = await (await World.Shared).CustomerAsync("bluma");
        var json = Json.Of(new { url = "https://example.com/hook", events = new[] { "credits.low", "credits.low" } });
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(1, (await customer.Session.PostAsync("webhooks", json)).Is(201).At("events").GetArrayLength());
        }

        (await customer.Session.PostAsync("webhooks", json)).Refused(409, "CONFLICT");
    }

    [Fact]
    public async Task Spending_alerts_once_for_each_threshold_however_many_admit_at_once()
    {
        var customer = await (await World.Shared).CustomerAsync("bluma", "starter");
        await using var receiver = new Receiver();
        var subscription = await Subscription.CreateAsync(customer, receiver, "credits.low", "credits.exhausted");
        await Task.WhenAll(Enumerable.Range(0, 25).Select(_ => customer.AdmitAsync(Requests.Four)));
        await Eventually.SeeAsync(() => Task.FromResult(receiver.Arrivals.Count), count => count >= 2);
        await Task.Delay(500);
        var types = receiver.Arrivals.Select(arrival => System.Text.Json.JsonDocument.Parse(arrival.Body).RootElement.GetProperty("type").GetString());
        Assert.Equal(["credits.exhausted", "credits.low"], types.Order(StringComparer.Ordinal));
        await subscription.SeesAttemptsAsync(1);
    }
}
