using System.Text.Json;
using Billing.Api.Tests.Worlds;
using Billing.Testing;
using Billing.Webhooks;

namespace Billing.Api.Tests.Webhooks;

/// <summary>Receivers of every kind, with the development clock moved through the whole schedule of retries.</summary>
public sealed class RetryScheduleTests
{
    [Fact]
    public async Task Each_receiver_is_treated_as_it_behaves()
    {
        await using var world = await World.StartAsync();
        var customer = await world.CustomerAsync("bluma");
        await using var elsewhere = new Receiver();
        await using var fails = new Receiver(Receiver.Says(503, "Down for maintenance"));
        await using var redirects = new Receiver(Receiver.Says(302, "", $"Location: {elsewhere.Url}"));
        await using var resets = new Receiver(Receiver.Resets);
        await using var gone = new Receiver(Receiver.Says(410));
        await using var endless = new Receiver();
        await using var hangs = new Receiver(Receiver.Hangs);
        endless.Behaviour = endless.Endless;
        var subscriptions = new List<Subscription>();
        foreach (var receiver in new[] { fails, redirects, resets, gone, endless, hangs })
        {
            subscriptions.Add(await Subscription.CreateAsync(customer, receiver));
        }

        await customer.TopUpAsync(20);
        foreach (var subscription in subscriptions)
        {
            await subscription.SeesAttemptsAsync(1);
        }

        await SeesThroughScheduleAsync(world, subscriptions[..3]);
        await ShowsAsync(subscriptions[0], "failed", "attempts_used_up", RetrySchedule.MaxAttempts, 503, "Down for maintenance", null);
        await ShowsAsync(subscriptions[1], "failed", "attempts_used_up", RetrySchedule.MaxAttempts, 302, "", null);
        await ShowsAsync(subscriptions[2], "failed", "attempts_used_up", RetrySchedule.MaxAttempts, null, null, "The connection broke off, or what came was not HTTP.");
        await ShowsAsync(subscriptions[3], "failed", "endpoint_gone", 1, 410, "", null);
        await ShowsAsync(subscriptions[4], "succeeded", null, 1, 200, new string('x', 1_024), null);
        Assert.Equal(0, elsewhere.Connections);
        Assert.Equal(("disabled", "gone"), ((await subscriptions[3].ShownAsync()).GetProperty("status").GetString(), (await subscriptions[3].ShownAsync()).GetProperty("disabled_reason").GetString()));
        Assert.Equal("enabled", (await subscriptions[0].ShownAsync()).GetProperty("status").GetString());
        Assert.Equal(World.Start, (await subscriptions[0].ShownAsync()).GetProperty("failing_since").GetString());

        var hung = (await subscriptions[5].SeesAttemptsAsync(2)).GetProperty("attempts").EnumerateArray().ToList();
        Assert.All(hung, attempt => Assert.Equal("No answer within 15 seconds.", attempt.GetProperty("error").GetString()));
        Assert.All(hung, attempt => Assert.InRange(attempt.GetProperty("duration_ms").GetInt64(), 14_900, 20_000));
    }

    [Fact]
    public async Task An_endpoint_that_fails_for_five_days_is_disabled_and_says_so()
    {
        await using var world = await World.StartAsync();
        var customer = await world.CustomerAsync("bluma");
        await using var receiver = new Receiver(Receiver.Says(500));
        var subscription = await Subscription.CreateAsync(customer, receiver);
        await customer.TopUpAsync(20);
        await subscription.SeesAttemptsAsync(1);
        await world.MoveAsync("2025-11-05T23:59:59Z");
        await subscription.SeesAttemptsAsync(2);
        Assert.Equal("enabled", (await subscription.ShownAsync()).GetProperty("status").GetString());

        await world.MoveAsync("2025-11-06T00:10:00Z");
        await Eventually.SeeAsync(subscription.ShownAsync, shown => shown.GetProperty("status").GetString() == "disabled");
        var shown = await subscription.ShownAsync();
        Assert.Equal(("failing", "2025-11-06T00:10:00Z"), (shown.GetProperty("disabled_reason").GetString(), shown.GetProperty("disabled_at").GetString()));
        await customer.TopUpAsync(20);
        await world.MoveAsync("2025-11-07T00:00:00Z");
        Assert.Equal(3, receiver.Arrivals.Count);

        // A test that arrives enables it again.
        receiver.Behaviour = Receiver.Says(200);
        await subscription.TestAsync();
        await Eventually.SeeAsync(subscription.ShownAsync, again => again.GetProperty("status").GetString() == "enabled");
        await customer.TopUpAsync(30);
        await Eventually.SeeAsync(() => Task.FromResult(receiver.Arrivals.Count), count => count == 5);
    }

    private static async Task SeesThroughScheduleAsync(World world, IReadOnlyList<Subscription> subscriptions)
    {
        var now = DateTimeOffset.Parse(World.Start, System.Globalization.CultureInfo.InvariantCulture);
        for (var attempt = 1; attempt < RetrySchedule.MaxAttempts; attempt++)
        {
            var due = new List<DateTimeOffset>();
            foreach (var subscription in subscriptions)
            {
                due.Add((await subscription.SeesAttemptsAsync(attempt)).GetProperty("next_attempt_at").GetDateTimeOffset());
                Assert.InRange(due[^1], RetrySchedule.NextAttemptAt(attempt, now, 0)!.Value, RetrySchedule.NextAttemptAt(attempt, now, RetrySchedule.MaxJitterPermille)!.Value);
                Assert.Equal(attempt, subscription.Receiver.Arrivals.Count);
            }

            now = due.Max();
            await world.MoveAsync(Instants.Text(now));
        }

        foreach (var subscription in subscriptions)
        {
            await subscription.SeesAttemptsAsync(RetrySchedule.MaxAttempts);
            Assert.Single(subscription.Receiver.Arrivals.Select(arrival => arrival.EventId).Distinct());
        }
    }

    private static async Task ShowsAsync(Subscription subscription, string status, string? failure, int attempts, int? answered, string? response, string? error)
    {
        var delivery = await subscription.SeesAsync(one => one.GetProperty("status").GetString() == status);
        Assert.Equal((failure, attempts), (delivery.GetProperty("failure").GetString(), delivery.GetProperty("attempt_count").GetInt32()));
        Assert.Equal(JsonValueKind.Null, delivery.GetProperty("next_attempt_at").ValueKind);
        foreach (var attempt in delivery.GetProperty("attempts").EnumerateArray())
        {
            var got = attempt.GetProperty("status").ValueKind == JsonValueKind.Null ? (int?)null : attempt.GetProperty("status").GetInt32();
            Assert.Equal((answered, response, error), (got, attempt.GetProperty("response").GetString(), attempt.GetProperty("error").GetString()));
        }
    }
}
