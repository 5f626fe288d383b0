using Billing.Api.Tests.Worlds;
using Billing.Testing;

namespace Billing.Api.Tests.Webhooks;

/// <summary><c>POST /webhooks/{id}/recover</c></summary>
public sealed class RecoverTests
{
    private const string Since = """{"since": "2025-11-01T00:00:00Z"}""";

    [Fact]
    public async Task What_an_endpoint_missed_is_sent_again_and_it_is_enabled()
    {
        var customer = await (await World.Shared).CustomerAsync("bluma");
        await using var receiver = new Receiver(Receiver.Says(410));
        var subscription = await Subscription.CreateAsync(customer, receiver);
        await customer.TopUpAsync(20);
        await subscription.SeesAsync(delivery => delivery.GetProperty("failure").GetString() == "endpoint_gone");
        await customer.TopUpAsync(21);
        var unsent = await subscription.SeesAsync(delivery => delivery.GetProperty("failure").GetString() == "endpoint_disabled");
        Assert.Equal((0, "failed"), (unsent.GetProperty("attempt_count").GetInt32(), unsent.GetProperty("status").GetString()));
        Assert.Equal("disabled", (await subscription.ShownAsync()).GetProperty("status").GetString());
        Assert.Single(receiver.Arrivals);

        receiver.Behaviour = Receiver.Says(200);
        var path = $"webhooks/{subscription.Id}/recover";
        var recovered = (await customer.Own.PostAsync(path, Since, "once")).Is(202);
        recovered.Shows("""{"count": 2, "next_cursor": null}""");
        var arrived = await Eventually.SeeAsync(() => Task.FromResult(receiver.Arrivals), all => all.Count == 3);
        Assert.Equal(2, arrived.Select(arrival => arrival.EventId).Distinct().Count());
        await Eventually.SeeAsync(subscription.DeliveriesAsync, all => all.At("deliveries").EnumerateArray().All(one => one.GetProperty("status").GetString() == "succeeded"));
        Assert.Equal("enabled", (await subscription.ShownAsync()).GetProperty("status").GetString());

        (await customer.Own.PostAsync(path, Since)).Is(202).Shows("""{"count": 0, "next_cursor": null}""");
        var again = (await customer.Own.PostAsync(path, Since, "once")).Is(202);
        Assert.Equal((recovered.Body, "true"), (again.Body, again.Header("Idempotent-Replayed")));
        Assert.Equal(3, receiver.Arrivals.Count);
    }

    [Fact]
    public async Task Fifty_at_a_time_and_the_cursor_leads_to_the_others()
    {
        var customer = await (await World.Shared).CustomerAsync("bluma");
        await using var receiver = new Receiver(Receiver.Says(410));
        var subscription = await Subscription.CreateAsync(customer, receiver);
        await subscription.TestAsync();
        await subscription.SeesAsync(delivery => delivery.GetProperty("failure").GetString() == "endpoint_gone");
        await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => customer.TopUpAsync(20)));
        await Eventually.SeeAsync(
            async () => (await customer.Own.GetAsync($"webhooks/{subscription.Id}/deliveries?limit=100")).Is(200),
            all => all.At("deliveries").GetArrayLength() == 61 && all.At("deliveries").EnumerateArray().All(one => one.GetProperty("status").GetString() == "failed"));

        receiver.Behaviour = Receiver.Says(200);
        var path = $"webhooks/{subscription.Id}/recover";
        var first = (await customer.Own.PostAsync(path, Since)).Is(202);
        Assert.Equal(50, first.Number("count"));
        var second = (await customer.Own.PostAsync(path, Json.Of(new { since = World.Start, cursor = first.Text("next_cursor") }))).Is(202);
        second.Shows("""{"count": 11, "next_cursor": null}""");
        await Eventually.SeeAsync(() => Task.FromResult(receiver.Arrivals.Select(arrival => arrival.EventId).Distinct().Count()), count => count == 61);
    }

    [Theory]
    [InlineData("{}", "since")]
    [InlineData("""{"since": "yesterday"}""", "since")]
    [InlineData("""{"since": 1}""", "since")]
    [InlineData("""{"since": "2025-11-01T00:00:00.001Z"}""", "since")]
    [InlineData("""{"since": "2025-10-01T23:59:59.999Z"}""", "since")]
    [InlineData("""{"since": "2025-11-01T00:00:00Z", "cursor": "AAAA"}""", "cursor")]
    [InlineData("""{"since": "2025-11-01T00:00:00Z", "cursor": ""}""", "cursor")]
    [InlineData("""{"since": "2025-11-01T00:00:00Z", "until": "2025-11-01T00:00:00Z"}""", "until")]
    public async Task What_is_wrong_is_named(string json, string field)
    {
        var customer = await (await World.Shared).CustomerAsync("bluma");
        var subscription = await Subscription.CreateAsync(customer, new Receiver());
        (await customer.Own.PostAsync($"webhooks/{subscription.Id}/recover", json)).Names(field);
        (await customer.Own.PostAsync($"webhooks/{subscription.Id}/recover", """{"since": "2025-10-02T00:00:00Z"}""")).Is(202);
    }

    [Fact]
    public async Task Whoever_may_not_see_it_gets_404()
    {
        var world = await World.Shared;
        var (customer, other) = (await world.CustomerAsync("bluma"), await world.CustomerAsync("bluma"));
        await using var receiver = new Receiver();
        var subscription = await Subscription.CreateAsync(customer, receiver);
        var path = $"webhooks/{subscription.Id}/recover";
        foreach (var stranger in new[] { other.Own, other.Session, other.Service, (await customer.WithKeyAsync("test")).Own })
        {
            (await stranger.PostAsync(path, Since)).Refused(404, "NOT_FOUND");
        }

        (await customer.Own.PostAsync($"webhooks/{subscription.Id[..^1]}/recover", Since)).Refused(404, "NOT_FOUND");
        (await customer.Session.DeleteAsync($"webhooks/{subscription.Id}")).Is(200);
        (await customer.Own.PostAsync(path, Since)).Refused(404, "NOT_FOUND");
    }
}
