using System.Collections.Concurrent;
using Billing.Engine.Webhooks;
using Billing.Events;
using Billing.Tests.Committing;
using Billing.Webhooks;

namespace Billing.Tests.Webhooks.Deliveries;

public sealed class SlowReceiverTests
{
    [Fact]
    public async Task Where_nothing_fails_each_endpoint_gets_every_event_once_from_however_many_machines()
    {
        var post = await Post.OpenAsync(atOnce: 16);
        var endpoints = new List<WebhookEndpoint> { await post.ListenAsync(), await post.ListenAsync(), await post.ListenAsync() };
        var machines = Enumerable.Range(0, 4).Select(_ => post.Start()).ToArray();
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
            Assert.Equal(Enumerable.Range(1, 60).Select(number => (long)number), post.Receivers.At(endpoint.Url).Select(one => one.Number).Order());
        }

        post.ProveQuiet();
    }

    [Fact]
    public async Task An_endpoint_that_hangs_holds_up_neither_others_nor_its_consumer()
    {
        var post = await Post.OpenAsync();
        var slow = await post.ListenAsync();
        var quick = await post.ListenAsync();
        var machine = post.Start();
        var hanging = HangAt(post, slow.Url);
        for (var i = 0; i < 20; i++)
        {
            await post.BuyAsync($"pay_{i}");
        }

        await post.ConsumeAsync(machine);
        await Post.UntilAsync(() => post.Receivers.At(quick.Url).Count == 20);
        Assert.Equal(AttemptDispatcher.MostOfEndpoint, post.Receivers.At(slow.Url).Count);

        // Those that had no room take the place of those that end.
        hanging.SetResult(Receivers.Says(200));
        await Post.UntilAsync(() => machine.Consumer.InFlight == 0);
        Assert.Equal(Enumerable.Range(1, 20).Select(number => (long)number), post.Receivers.At(slow.Url).Select(one => one.Number).Order());
        post.ProveQuiet();
    }

    [Fact]
    public async Task What_is_under_way_is_not_begun_again_by_a_message_that_comes_again_or_by_the_timer()
    {
        var post = await Post.OpenAsync();
        var endpoint = await post.ListenAsync();
        var (machine, other) = (post.Start(), post.Start());
        var hanging = HangAt(post, endpoint.Url);
        await post.BuyAsync();
        await post.ConsumeAsync(machine);
        await Post.UntilAsync(() => post.Receivers.All.Count == 1);
        foreach (var one in new[] { machine, other })
        {
            await post.ConsumeAsync(one, Ids.Of("evt", World.WorkspaceId, 1));
            await post.ConsumeAsync(one, DeliveryId.Of(endpoint.Id, 1).ToString());
            await post.FindDueAsync();
            await post.ConsumeAsync(one);
        }

        await Post.UntilAsync(() => other.Consumer.InFlight == 0);
        Assert.Single(post.Receivers.All);
        hanging.SetResult(Receivers.Says(200));
        await Post.UntilAsync(() => machine.Consumer.InFlight == 0);
        Assert.Single(post.Receivers.All);
        post.ProveQuiet();
    }

    [Fact]
    public async Task An_attempt_whose_process_died_is_made_again_when_its_lease_is_over_and_the_dead_one_writes_nothing()
    {
        var post = await Post.OpenAsync();
        var endpoint = await post.ListenAsync();
        var (dead, alive) = (post.Start(), post.Start());
        var hanging = HangAt(post, endpoint.Url);
        await post.BuyAsync();
        await post.ConsumeAsync(dead);
        await Post.UntilAsync(() => post.Receivers.All.Count == 1);
        post.Receivers.AlwaysSay(200);

        post.Pass(DeliveryAttempts.Lease - TimeSpan.FromMilliseconds(1));
        await post.FindDueAsync();
        await post.PumpAsync(alive);
        Assert.Single(post.Receivers.All);
        post.Pass(TimeSpan.FromMilliseconds(1));
        await post.FindDueAsync();
        await post.PumpAsync(alive);
        Assert.Equal(2, post.Receivers.All.Count);

        hanging.SetResult(Receivers.Says(500));
        await Post.UntilAsync(() => dead.Consumer.InFlight == 0);
        var delivery = Assert.Single(post.Deliveries(endpoint));
        Assert.Equal((DeliveryStatus.Succeeded, 1), (delivery.Status, delivery.AttemptCount));
        post.ProveQuiet();
    }

    [Fact]
    public async Task A_graceful_stop_waits_for_what_is_under_way_and_begins_nothing()
    {
        var post = await Post.OpenAsync();
        var endpoint = await post.ListenAsync();
        var machine = post.Start();
        var hanging = HangAt(post, endpoint.Url);
        for (var i = 0; i < 6; i++)
        {
            await post.BuyAsync($"pay_{i}");
        }

        await post.ConsumeAsync(machine);
        await Post.UntilAsync(() => post.Receivers.All.Count == AttemptDispatcher.MostOfEndpoint);
        post.Wait = _ => new TaskCompletionSource().Task;
        var stopping = machine.Consumer.DisposeAsync().AsTask();
        Assert.False(stopping.IsCompleted);
        hanging.SetResult(Receivers.Says(200));
        await stopping.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(AttemptDispatcher.MostOfEndpoint, post.Receivers.All.Count);

        // The rest is found by the timer.
        await post.FindDueAsync();
        await post.PumpAsync(post.Start());
        Assert.Equal(6, post.Receivers.All.Select(one => one.Number).Distinct().Count());
        post.ProveQuiet();
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_ever()
    {
        var post = await Post.OpenAsync();
        var endpoint = await post.ListenAsync();
        var machine = post.Start();
        HangAt(post, endpoint.Url);
        await post.BuyAsync();
        await post.ConsumeAsync(machine);
        await Post.UntilAsync(() => post.Receivers.All.Count == 1);
        await machine.Consumer.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task No_workspace_has_more_than_its_share_and_a_full_process_takes_no_more()
    {
        var gates = new ConcurrentDictionary<DeliveryId, TaskCompletionSource>();
        var dispatcher = new AttemptDispatcher(id => gates.GetOrAdd(id, _ => new TaskCompletionSource()).Task);
        for (var i = 0; i < 100; i++)
        {
            Assert.NotNull(dispatcher.Start(new DeliveryId("ws_busy", $"e{i % 20}", i)));
        }

        Assert.Equal(AttemptDispatcher.MostOfWorkspace, dispatcher.InFlight);
        Assert.False(dispatcher.Start(new DeliveryId("ws_other", "e", 1))!.IsCompleted);
        for (var i = 0; dispatcher.InFlight < AttemptDispatcher.MostInFlight; i++)
        {
            Assert.NotNull(dispatcher.Start(new DeliveryId($"ws_{i}", "e", 1)));
        }

        Assert.Null(dispatcher.Start(new DeliveryId("ws_late", "e", 1)));
        await Post.UntilAsync(() => gates.Values.All(gate => gate.TrySetResult() | true) && dispatcher.InFlight == 0);

        Assert.Equal(100, gates.Keys.Count(id => id.WorkspaceId == "ws_busy"));
        Assert.Equal(0, dispatcher.InFlight);
        await dispatcher.StopAsync();
    }

    private static TaskCompletionSource<WebhookAnswer> HangAt(Post post, string url)
    {
        var hanging = new TaskCompletionSource<WebhookAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        post.Receivers.Answer = received => received.Url == url ? hanging.Task : Task.FromResult(Receivers.Says(200));
        return hanging;
    }
}
