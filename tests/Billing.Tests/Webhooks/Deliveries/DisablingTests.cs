using Billing.Events;
using Billing.Webhooks;

namespace Billing.Tests.Webhooks.Deliveries;

public sealed class DisablingTests
{
    [Fact]
    public async Task An_endpoint_that_answers_410_is_disabled_and_its_delivery_given_up()
    {
        var (post, endpoint, machine) = await OpenAsync();
        post.Receivers.AlwaysSay(410);
        await post.BuyAsync("pay_1");
        await post.PumpAsync(machine);
        Assert.Equal(new Disabling(DisabledReason.Gone, post.Now), post.Endpoint(endpoint.Id).Disabled);
        Assert.Equal((DeliveryStatus.Failed, DeliveryFailure.EndpointGone, 1), StateOf(post, endpoint));

        await post.BuyAsync("pay_2");
        await post.PumpAsync(machine);
        Assert.Single(post.Receivers.All);
        Assert.Equal((DeliveryStatus.Failed, DeliveryFailure.EndpointDisabled, 0), StateOf(post, endpoint));
        post.ProveQuiet();
    }

    [Fact]
    public async Task An_endpoint_that_failed_for_five_days_is_disabled_at_the_next_failure()
    {
        var (post, endpoint, machine) = await OpenAsync();
        post.Receivers.AlwaysSay(null);
        var since = post.Now;
        for (var day = 0; day < 5; day++)
        {
            await post.BuyAsync($"pay_{day}");
            await PassHoursAsync(post, machine, 24);
            Assert.Equal(since, post.FailingSince(endpoint));
            Assert.Null(day < 4 ? post.Endpoint(endpoint.Id).Disabled : null);
        }

        await PassHoursAsync(post, machine, 24);
        Assert.Equal(DisabledReason.Failing, post.Endpoint(endpoint.Id).Disabled!.Reason);
        Assert.InRange(post.Endpoint(endpoint.Id).Disabled!.At - since, EndpointHealth.FailingFor, EndpointHealth.FailingFor + TimeSpan.FromHours(24));

        // What was still to be tried is given up without bothering it.
        var received = post.Receivers.All.Count;
        await PassHoursAsync(post, machine, 100);
        Assert.Equal(received, post.Receivers.All.Count);
        Assert.All(post.Deliveries(endpoint), one => Assert.Equal(DeliveryStatus.Failed, one.Status));
        Assert.Contains(post.Deliveries(endpoint), one => one.Failure == DeliveryFailure.EndpointDisabled);
        post.ProveQuiet();
    }

    [Fact]
    public async Task One_success_within_the_five_days_starts_them_anew()
    {
        var (post, endpoint, machine) = await OpenAsync();
        post.Receivers.AlwaysSay(500);
        await post.BuyAsync("pay_1");
        await PassHoursAsync(post, machine, 96);
        post.Receivers.AlwaysSay(200);
        await post.BuyAsync("pay_2");
        await post.PumpAsync(machine);
        post.Receivers.AlwaysSay(500);
        await post.BuyAsync("pay_3");
        await PassHoursAsync(post, machine, 96);
        Assert.Null(post.Endpoint(endpoint.Id).Disabled);
    }

    [Fact]
    public async Task A_failure_after_a_long_outage_that_ended_does_not_disable()
    {
        var (post, endpoint, machine) = await OpenAsync();
        post.Receivers.AlwaysSay(500);
        await post.BuyAsync("pay_1");
        await post.PumpAsync(machine);
        post.World.Clock.Now += TimeSpan.FromDays(4);
        post.Receivers.AlwaysSay(200);
        await post.BuyAsync("pay_2");
        await post.PumpAsync(machine);
        Assert.Null(post.FailingSince(endpoint));

        post.World.Clock.Now += TimeSpan.FromDays(4);
        post.Receivers.AlwaysSay(500);
        await post.BuyAsync("pay_3");
        await post.PumpAsync(machine);
        Assert.Null(post.Endpoint(endpoint.Id).Disabled);
        Assert.Equal(post.Now, post.FailingSince(endpoint));
    }

    [Fact]
    public async Task An_attempt_that_began_before_a_success_and_fails_after_it_does_not_count()
    {
        var (post, endpoint, machine) = await OpenAsync();
        post.Receivers.AlwaysSay(500);
        await post.BuyAsync("pay_1");
        await post.PumpAsync(machine);
        var hanging = new TaskCompletionSource<WebhookAnswer>();
        post.Receivers.Answer = received => received.Number == 2 ? hanging.Task : Task.FromResult(Receivers.Says(200));
        post.World.Clock.Now += TimeSpan.FromDays(6);
        await post.BuyAsync("pay_2");
        await post.ConsumeAsync(machine);
        await Post.UntilAsync(() => post.Receivers.All.Count == 2);
        post.World.Clock.Now += TimeSpan.FromSeconds(1);
        await post.BuyAsync("pay_3");
        await post.ConsumeAsync(machine);

        await Post.UntilAsync(() => post.Deliveries(endpoint)[0] is { Sequence: 3, Status: DeliveryStatus.Succeeded });
        post.World.Clock.Now += TimeSpan.FromSeconds(1);
        hanging.SetResult(Receivers.Says(null, seconds: 2));
        await Post.UntilAsync(() => post.Deliveries(endpoint)[1].AttemptCount == 1);
        Assert.Null(post.FailingSince(endpoint));
        Assert.Null(post.Endpoint(endpoint.Id).Disabled);
    }

    [Fact]
    public async Task An_endpoint_deleted_while_it_is_sent_to_leaves_nothing_behind()
    {
        var (post, endpoint, machine) = await OpenAsync();
        var hanging = new TaskCompletionSource<WebhookAnswer>();
        post.Receivers.Answer = _ => hanging.Task;
        await post.BuyAsync("pay_1");
        await post.ConsumeAsync(machine);

        await Post.UntilAsync(() => post.Receivers.All.Count == 1);
        await post.DecideAsync(endpoint.Id, unit => EndpointDecisions.Delete(unit, endpoint.Id));
        await post.ConsumeAsync(machine);

        hanging.SetResult(Receivers.Says(500));
        await PassHoursAsync(post, machine, 1);
        await post.FindDueAsync();
        await post.PumpAsync(machine);
        Assert.Single(post.Receivers.All);
        Assert.DoesNotContain(post.World.Store.RowsOf(post.World.Partition), row => row.Key.Contains(endpoint.Key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_endpoint_removed_before_its_event_is_fanned_out_gets_nothing_and_leaves_nothing_behind()
    {
        var (post, endpoint, machine) = await OpenAsync();
        await post.BuyAsync("pay_1");
        await post.DecideAsync(endpoint.Id, unit => EndpointDecisions.Delete(unit, endpoint.Id));
        await post.PumpAsync(machine);
        Assert.Empty(post.Receivers.All);
        Assert.DoesNotContain(post.World.Store.RowsOf(post.World.Partition), row => row.Key.Contains(endpoint.Key, StringComparison.Ordinal));
        post.ProveQuiet(events: false);
    }

    [Fact]
    public async Task A_ping_that_arrives_enables_it_again_and_one_that_fails_is_not_repeated()
    {
        var (post, endpoint, machine) = await OpenAsync();
        post.Receivers.AlwaysSay(410);
        await post.BuyAsync("pay_1");
        await post.PumpAsync(machine);

        post.Receivers.AlwaysSay(500);
        await post.DecideAsync(endpoint.Id, unit => EndpointDecisions.Test(unit, endpoint.Id));
        await post.PumpAsync(machine);
        Assert.Equal((DeliveryStatus.Failed, DeliveryFailure.EndpointDisabled, 1), StateOf(post, endpoint));

        post.Receivers.AlwaysSay(200);
        await post.DecideAsync(endpoint.Id, unit => EndpointDecisions.Test(unit, endpoint.Id));
        await post.PumpAsync(machine);
        Assert.Equal((DeliveryStatus.Succeeded, null, 1), StateOf(post, endpoint));
        Assert.Null(post.Endpoint(endpoint.Id).Disabled);

        await post.BuyAsync("pay_2");
        await post.PumpAsync(machine);
        Assert.Equal([EventTypes.CreditsToppedUp, EventTypes.Ping, EventTypes.Ping, EventTypes.CreditsToppedUp], post.Receivers.All.Select(one => one.Type));
    }

    [Fact]
    public async Task A_deleted_endpoint_gets_nothing_more_and_leaves_nothing_behind()
    {
        var (post, endpoint, machine) = await OpenAsync();
        var other = await post.ListenAsync();
        post.Receivers.AlwaysSay(500);
        for (var i = 0; i < 60; i++)
        {
            await post.BuyAsync($"pay_{i}");
        }

        await post.PumpAsync(machine);
        var received = post.Receivers.At(endpoint.Url).Count;
        await post.BuyAsync("pay_last");
        await post.DecideAsync(endpoint.Id, unit => EndpointDecisions.Delete(unit, endpoint.Id));
        await PassHoursAsync(post, machine, 100);
        Assert.Equal(received, post.Receivers.At(endpoint.Url).Count);
        Assert.DoesNotContain(post.World.Store.RowsOf(post.World.Partition), row => row.Key.Contains(endpoint.Key));
        Assert.Equal(61, post.Deliveries(other).Length);
    }

    private static async Task<(Post Post, WebhookEndpoint Endpoint, Machine Machine)> OpenAsync()
    {
        var post = await Post.OpenAsync();
        return (post, await post.ListenAsync(), post.Start());
    }

    private static (DeliveryStatus, DeliveryFailure?, int) StateOf(Post post, WebhookEndpoint endpoint)
    {
        var newest = post.Deliveries(endpoint)[0];
        return (newest.Status, newest.Failure, newest.AttemptCount);
    }

    private static async Task PassHoursAsync(Post post, Machine machine, int hours)
    {
        await post.PumpAsync(machine);
        for (var minutes = 0; minutes < hours * 60; minutes += 20)
        {
            post.Pass(TimeSpan.FromMinutes(20));
            await post.PumpAsync(machine);
        }
    }
}
