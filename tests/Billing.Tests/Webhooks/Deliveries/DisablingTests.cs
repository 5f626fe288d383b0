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
        Assert.Single(post.World.Rows(BillingEvent.Prefix));
        await post.ProveQuietAsync();
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
            Assert.Equal(since, post.Lane(endpoint).FailingSince);
            Assert.Null(day < 4 ? post.Endpoint(endpoint.Id).Disabled : null);
        }

        await PassHoursAsync(post, machine, 24);
        Assert.Equal(DisabledReason.Failing, post.Endpoint(endpoint.Id).Disabled!.Reason);
        Assert.InRange(post.Endpoint(endpoint.Id).Disabled!.At - since, EndpointLane.FailingFor, EndpointLane.FailingFor + TimeSpan.FromHours(24));

        // What was still to be tried is given up without bothering it.
        var received = post.Receivers.All.Count;
        await PassHoursAsync(post, machine, 100);
        Assert.Equal(received, post.Receivers.All.Count);
        Assert.All(post.Deliveries(endpoint), one => Assert.Equal(DeliveryStatus.Failed, one.Status));
        Assert.Contains(post.Deliveries(endpoint), one => one.Failure == DeliveryFailure.EndpointDisabled);
        await post.ProveQuietAsync();
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
    public async Task A_ping_that_arrives_enables_it_again_and_one_that_fails_is_not_repeated()
    {
        var (post, endpoint, machine) = await OpenAsync();
        post.Receivers.AlwaysSay(410);
        await post.BuyAsync("pay_1");
        await post.PumpAsync(machine);

        post.Receivers.AlwaysSay(500);
        await post.DecideAsync(endpoint.Id, draft => EndpointDecisions.Test(draft, endpoint.Id));
        await post.PumpAsync(machine);
        Assert.Equal((DeliveryStatus.Failed, DeliveryFailure.EndpointDisabled, 1), StateOf(post, endpoint));

        post.Receivers.AlwaysSay(200);
        await post.DecideAsync(endpoint.Id, draft => EndpointDecisions.Test(draft, endpoint.Id));
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
        await post.DecideAsync(endpoint.Id, draft => EndpointDecisions.Delete(draft, endpoint.Id));
        await PassHoursAsync(post, machine, 100);
        Assert.Equal(received, post.Receivers.At(endpoint.Url).Count);
        Assert.DoesNotContain(post.World.Ledger.RowsOf(post.World.Partition), row => row.Key.Contains(endpoint.Key));
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
