using System.Text.Json;
using Billing.Api.Tests.Worlds;
using Billing.Testing;
using Xunit.Abstractions;

namespace Billing.Api.Tests.Webhooks;

public sealed class SlowReceiverTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(2.9);

    [Fact]
    public async Task Sixty_endpoints_that_hang_or_are_slow_do_not_delay_another_customers_events()
    {
        await using var world = await World.StartAsync();
        await using var hangs = new Receiver(Receiver.Hangs);
        await using var slow = new Receiver(async (arrival, connection, ended) =>
        {
            await Task.Delay(Slow, ended);
            await Receiver.Says(200)(arrival, connection, ended);
        });
        await using var quick = new Receiver();
        var others = new List<Customer>();
        for (var i = 0; i < 3; i++)
        {
            var other = await world.CustomerAsync("bluma");
            for (var endpoint = 0; endpoint < 20; endpoint++)
            {
                await Subscription.CreateAsync(other, endpoint % 2 == 0 ? hangs : slow);
            }

            others.Add(other);
        }

        var customer = await world.CustomerAsync("bluma");
        await Subscription.CreateAsync(customer, quick);
        await customer.TopUpAsync(20);
        await ArrivesAsync(quick, 1);
        var times = new List<TimeSpan>();
        for (var round = 0; round < 4; round++)
        {
            foreach (var other in others)
            {
                await other.TopUpAsync(20 + round);
            }

            await Eventually.SeeAsync(() => Task.FromResult(hangs.Arrivals.Count + slow.Arrivals.Count), count => count >= 30);
            await customer.TopUpAsync(30 + round);
            var told = DateTimeOffset.UtcNow;
            await ArrivesAsync(quick, round + 2);
            times.Add(quick.Arrivals[^1].At - told);
        }

        output.WriteLine($"Arrived {string.Join(", ", times.Select(time => $"{time.TotalMilliseconds:0} ms"))} after the answer.");
        Assert.True(times.Max() < TimeSpan.FromSeconds(2));
        var body = JsonDocument.Parse(quick.Arrivals[^1].Body).RootElement;
        // The first two the seller alone heard: the account was opened, on a plan.
        Assert.Equal(7, body.GetProperty("sequence").GetInt64());
    }

    private static Task ArrivesAsync(Receiver receiver, int count) => Eventually.SeeAsync(() => Task.FromResult(receiver.Arrivals.Count), arrived => arrived >= count);
}
