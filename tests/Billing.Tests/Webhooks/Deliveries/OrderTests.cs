using System.Collections.Concurrent;
using Billing.Tests.Writing;
using Billing.Webhooks;

namespace Billing.Tests.Webhooks.Deliveries;

public sealed class OrderTests
{
    [Fact]
    public async Task Where_nothing_fails_each_endpoint_gets_every_event_once_and_in_order_from_however_many_machines()
    {
        var post = await Post.OpenAsync(atOnce: 16);
        var endpoints = new List<WebhookEndpoint> { await post.ListenAsync(), await post.ListenAsync(), await post.ListenAsync() };
        var machines = Enumerable.Range(0, 4).Select(_ => post.Start()).ToArray();
        var inFlight = new ConcurrentDictionary<string, int>();
        post.Receivers.Answer = async received =>
        {
            Assert.Equal(1, inFlight.AddOrUpdate(received.Url, 1, (_, count) => count + 1));
            await Task.Delay(Random.Shared.Next(4));
            inFlight.AddOrUpdate(received.Url, 0, (_, count) => count - 1);
            return Receivers.Says(200);
        };
        var telling = Task.Run(async () =>
        {
            for (var i = 0; i < 60; i++)
            {
                await post.World.Process().DoAsync(post.World.Buy(20, $"pay_{i}"));
            }
        });
        while (!telling.IsCompleted)
        {
            await post.PumpAsync(machines);
            await Task.Delay(1);
        }

        await telling;
        for (var i = 0; i < 4; i++)
        {
            await post.PumpAsync(machines);
            post.Pass(TimeSpan.FromMinutes(1));
        }

        foreach (var endpoint in endpoints)
        {
            Assert.Equal(Enumerable.Range(1, 60).Select(number => (long)number), post.Receivers.At(endpoint.Url).Select(one => one.Number));
        }

        await post.ProveQuietAsync();
    }

    [Fact]
    public async Task What_comes_while_an_endpoint_is_busy_is_delivered_by_who_is_at_it()
    {
        var post = await Post.OpenAsync();
        await post.ListenAsync();
        var machine = post.Start();
        var hanging = new TaskCompletionSource<WebhookAnswer>();
        post.Receivers.Answer = received => received.Number == 1 ? hanging.Task : Task.FromResult(Receivers.Says(200));
        await post.BuyAsync("pay_1");
        await StartAsync(post, machine);
        for (var i = 2; i <= 5; i++)
        {
            await post.BuyAsync($"pay_{i}");
            await post.PumpAsync(machine, post.Start());
        }

        Assert.Single(post.Receivers.All);
        hanging.SetResult(Receivers.Says(200));
        await UntilAsync(() => post.Receivers.All.Count == 5);
        Assert.Equal([1, 2, 3, 4, 5], post.Receivers.All.Select(one => one.Number));
    }

    [Fact]
    public async Task A_slow_endpoint_does_not_hold_up_others()
    {
        var post = await Post.OpenAsync();
        var slow = await post.ListenAsync();
        var quick = await post.ListenAsync();
        var machine = post.Start();
        var hanging = new TaskCompletionSource<WebhookAnswer>();
        post.Receivers.Answer = received => received.Url == slow.Url ? hanging.Task : Task.FromResult(Receivers.Says(200));
        await post.BuyAsync("pay_0");
        await StartAsync(post, machine);
        for (var i = 1; i < 20; i++)
        {
            await post.BuyAsync($"pay_{i}");
            await post.PumpAsync(machine);
        }

        Assert.Equal(20, post.Receivers.At(quick.Url).Count);
        Assert.Single(post.Receivers.At(slow.Url));
        post.Receivers.AlwaysSay(200);
        hanging.SetResult(Receivers.Says(null, seconds: 15));
        await UntilAsync(() => post.Deliveries(slow).All(one => one.AttemptCount == 1) && !post.Lane(slow).Held);
        Assert.Equal(Enumerable.Range(1, 20).Select(number => (long)number), post.Receivers.At(slow.Url).Select(one => one.Number));
    }

    [Fact]
    public async Task Many_slow_endpoints_use_only_part_of_a_machine()
    {
        var post = await Post.OpenAsync();
        var endpoints = new List<WebhookEndpoint>();
        for (var i = 0; i < 19; i++)
        {
            endpoints.Add(await post.ListenAsync());
        }

        var quick = await post.ListenAsync();
        var machine = post.Start();
        post.Receivers.Answer = received => Task.FromResult(Receivers.Says(200, received.Url == quick.Url ? 0.1 : 14));
        await post.BuyAsync("pay_1");
        await post.PumpAsync(machine);
        Assert.All(endpoints, endpoint => Assert.True(post.Lane(endpoint).Slow));

        var hanging = new TaskCompletionSource<WebhookAnswer>();
        post.Receivers.Answer = received => received.Url == quick.Url ? Task.FromResult(Receivers.Says(200)) : hanging.Task;
        await post.BuyAsync("pay_2");
        await StartAsync(post, machine);
        await UntilAsync(() => post.Receivers.At(quick.Url).Count == 2);
        Assert.Equal(6, endpoints.Count(endpoint => post.Receivers.At(endpoint.Url).Count == 2));

        // The others get their turn.
        post.Receivers.AlwaysSay(200);
        hanging.SetResult(Receivers.Says(200));
        await UntilAsync(() => endpoints.Count(endpoint => !post.Lane(endpoint).Slow) == 6);
        for (var i = 0; i < 4; i++)
        {
            post.Pass(TimeSpan.FromSeconds(5));
            await post.PumpAsync(machine);
        }

        Assert.All(endpoints, endpoint => Assert.Equal(2, post.Receivers.At(endpoint.Url).Count));
    }

    [Fact]
    public async Task A_lane_whose_holder_died_is_taken_over_after_half_a_minute_and_the_dead_one_writes_nothing()
    {
        var post = await Post.OpenAsync();
        var endpoint = await post.ListenAsync();
        var (dead, alive) = (post.Start(), post.Start());
        var hanging = new TaskCompletionSource<WebhookAnswer>();
        post.Receivers.Answer = _ => hanging.Task;
        await post.BuyAsync("pay_1");
        await StartAsync(post, dead);
        post.Receivers.AlwaysSay(200);

        // Its message shows itself again, and is kept for later once: the holder may be alive.
        await post.Doorbell.RingAsync(Queues.Webhooks, endpoint.Id, TimeSpan.Zero, default);
        await post.PumpAsync(alive);
        Assert.Single(post.Receivers.All);
        Assert.Contains(post.Doorbell.Hidden(Queues.Webhooks), ring => ring.Message.StartsWith(endpoint.Id + "|", StringComparison.Ordinal));
        post.PassQueue(TimeSpan.FromSeconds(30));
        await post.PumpAsync(alive);
        Assert.Equal(2, post.Receivers.All.Count);

        hanging.SetResult(Receivers.Says(500));
        await Task.Delay(50);
        var delivery = Assert.Single(post.Deliveries(endpoint));
        Assert.Equal((DeliveryStatus.Succeeded, 1), (delivery.Status, delivery.AttemptCount));
        await post.ProveQuietAsync();
    }

    /// <summary>Consumes what is to be seen and does not wait for endpoints that hang.</summary>
    private static async Task StartAsync(Post post, Machine machine)
    {
        for (var turn = 0; turn < 3; turn++)
        {
            var consuming = post.Drain().Select(message => post.ConsumeAsync(machine, message)).ToList();
            await Task.WhenAny(Task.WhenAll(consuming), Task.Delay(100));
        }
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        for (var wait = 0; wait < 2_000 && !holds(); wait++)
        {
            await Task.Delay(5);
        }

        Assert.True(holds());
    }
}
