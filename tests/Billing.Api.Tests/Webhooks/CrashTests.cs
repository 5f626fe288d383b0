using Billing.Api.Tests.Worlds;
using Billing.Testing;

namespace Billing.Api.Tests.Webhooks;

public sealed class CrashTests
{
    [Fact]
    public async Task A_host_that_is_killed_while_it_delivers_loses_no_event()
    {
        await using var world = await World.StartAsync();
        var customer = await world.CustomerAsync("bluma");
        await using var receiver = new Receiver(Receiver.Hangs);
        var subscription = await Subscription.CreateAsync(customer, receiver);
        await customer.TopUpAsync(20);
        await customer.TopUpAsync(30);
        await Eventually.SeeAsync(() => Task.FromResult(receiver.Arrivals.Count), count => count == 2);

        // Its leases are over when the clock has moved on.
        await world.CrashAsync(0, now: "2025-11-01T00:02:00Z");
        receiver.Behaviour = Receiver.Says(200);
        await Eventually.SeeAsync(
            async () =>
            {
                (await world.Operator.PostAsync("admin/jobs/expirations")).Is(200);
                await Task.Delay(1_000);
                return receiver.Arrivals.Count;
            },
            count => count >= 4);
        Assert.Equal(2, receiver.Arrivals.Select(arrival => arrival.EventId).Distinct().Count());
        await subscription.SeesAsync(delivery => delivery.GetProperty("status").GetString() == "succeeded");
    }

    [Fact]
    public async Task Two_hosts_deliver_each_event_once()
    {
        await using var world = await World.StartAsync(hosts: 2);
        var customer = await world.CustomerAsync("bluma");
        await using var receiver = new Receiver();
        await Subscription.CreateAsync(customer, receiver);
        for (var i = 0; i < 30; i++)
        {
            (await world.OperatorAt(i % 2).PostAsync($"admin/workspaces/{customer.WorkspaceId}/top-ups", Json.Of(new { credits = 20 + i, reference = $"ch_{i}" }))).Is(201);
        }

        await Eventually.SeeAsync(() => Task.FromResult(receiver.Arrivals.Count), count => count >= 30);
        await Task.Delay(500);
        Assert.Equal(30, receiver.Arrivals.Select(arrival => arrival.EventId).Distinct().Count());
        Assert.Equal(30, receiver.Arrivals.Count);
    }
}
