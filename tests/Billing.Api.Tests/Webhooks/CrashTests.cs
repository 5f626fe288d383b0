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
        await Eventually.SeeAsync(() => Task.FromResult(receiver.Arrivals.Count), count => count == 1);

        await world.CrashAsync(0);
        receiver.Behaviour = Receiver.Says(200);
        await Eventually.SeeAsync(
            async () =>
            {
                (await world.Operator.PostAsync("admin/jobs/expirations")).Is(200);
                await Task.Delay(1_000);
                return receiver.Arrivals.Count;
            },
            count => count >= 3);
        Assert.Equal(2, receiver.Arrivals.Select(arrival => arrival.EventId).Distinct().Count());
        await subscription.SeesAsync(delivery => delivery.GetProperty("status").GetString() == "succeeded");
    }

    [Fact]
    public async Task Two_hosts_deliver_each_event_once_and_in_order()
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
        var ids = receiver.Arrivals.Select(arrival => arrival.EventId).ToList();
        Assert.Equal(ids.Distinct().Order(StringComparer.Ordinal), ids);
        Assert.Equal(30, ids.Count);
    }
}
