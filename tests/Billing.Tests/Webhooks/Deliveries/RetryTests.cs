using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Events;
using Billing.Webhooks;

namespace Billing.Tests.Webhooks.Deliveries;

public sealed class RetryTests
{
    [Theory]
    [InlineData(500)]
    [InlineData(404)]
    [InlineData(302)]
    [InlineData(null)]
    public async Task What_fails_is_tried_on_schedule_and_then_given_up(int? status)
    {
        var (post, endpoint, machine) = await FailingAsync(status);
        for (var attempts = 1; attempts < RetrySchedule.MaxAttempts; attempts++)
        {
            Assert.Equal(attempts, post.Receivers.All.Count);
            var next = Assert.Single(post.Deliveries(endpoint)).NextAttemptAt!.Value;
            Assert.InRange(next, RetrySchedule.NextAttemptAt(attempts, post.Now, 0)!.Value, RetrySchedule.NextAttemptAt(attempts, post.Now, RetrySchedule.MaxJitterPermille)!.Value);

            // Not before its time.
            post.Pass(next - post.Now - TimeSpan.FromMilliseconds(1));
            await post.PumpAsync(machine);
            Assert.Equal(attempts, post.Receivers.All.Count);
            post.Pass(TimeSpan.FromMilliseconds(1));
            await post.PumpAsync(machine);
            Assert.Equal(attempts + 1, post.Receivers.All.Count);
            Assert.Equal(post.Now.ToUnixTimeSeconds(), post.Receivers.All[^1].SentAt.ToUnixTimeSeconds());
        }

        var delivery = Assert.Single(post.Deliveries(endpoint));
        Assert.Equal((DeliveryStatus.Failed, DeliveryFailure.AttemptsUsedUp, RetrySchedule.MaxAttempts), (delivery.Status, delivery.Failure, delivery.Attempts.Length));
        Assert.All(delivery.Attempts, attempt => Assert.Equal(status, attempt.Status));
        Assert.Single(post.Receivers.All.Select(one => one.EventId).Distinct());
        Assert.Single(post.Receivers.All.Select(one => Convert.ToHexString(one.Body)).Distinct());
        post.ProveQuiet();
        Assert.Null(post.Endpoint(endpoint.Id).Disabled);
    }

    [Theory]
    [InlineData(60, 60)]
    [InlineData(3, 5)]
    [InlineData(0, 5)]
    [InlineData(86_400, 86_400)]
    public async Task A_receiver_that_asks_to_be_left_alone_is_left_alone_and_that_uses_an_attempt(int asked, int waited)
    {
        var post = await Post.OpenAsync();
        var endpoint = await post.ListenAsync();
        var machine = post.Start();
        post.Receivers.Answer = _ => Task.FromResult(Receivers.Says(429, retryAfter: TimeSpan.FromSeconds(asked)));
        await post.BuyAsync("pay_1");
        await post.PumpAsync(machine);
        var next = post.Deliveries(endpoint).Single().NextAttemptAt!.Value;
        Assert.InRange(next - post.Now, TimeSpan.FromSeconds(waited), TimeSpan.FromSeconds(waited) * 1.1);
        while (post.Deliveries(endpoint).Single().NextAttemptAt is { } at)
        {
            post.Pass(at - post.Now);
            await post.PumpAsync(machine);
        }

        // Who asks for a day each time has failed for five days before the schedule ends.
        var delivery = post.Deliveries(endpoint).Single();
        Assert.Equal(asked < 86_400 ? (DeliveryFailure.AttemptsUsedUp, RetrySchedule.MaxAttempts) : (DeliveryFailure.EndpointDisabled, 6), (delivery.Failure, delivery.AttemptCount));
    }

    [Fact]
    public async Task The_due_index_alone_leads_through_the_whole_schedule()
    {
        var (post, endpoint, machine) = await FailingAsync(503);
        for (var attempt = 2; attempt <= 10; attempt++)
        {
            post.LoseMessages();
            post.World.Clock.Now = post.Deliveries(endpoint).Single().NextAttemptAt!.Value;
            await post.FindDueAsync();
            await post.PumpAsync(machine);
            Assert.Equal(attempt, post.Receivers.All.Count);
        }

        // The links go when their hours are over.
        post.World.Clock.Now += TimeSpan.FromHours(2);
        await post.FindDueAsync();
        await post.PumpAsync(machine);
        Assert.DoesNotContain(post.World.Store.RowsOf(Table.Schedule), row => row.Partition.Key.StartsWith(Queues.Webhooks, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_bell_that_comes_before_its_time_does_nothing()
    {
        var (post, endpoint, machine) = await FailingAsync(500);
        for (var i = 0; i < 10; i++)
        {
            post.PassQueue(TimeSpan.FromHours(1));
            await post.Messages.SendAsync(new(0, Queues.Webhooks), DeliveryId.Of(endpoint.Id, 1).ToString(), TimeSpan.Zero, default);
            await post.PumpAsync(machine);
        }

        Assert.Single(post.Receivers.All);
        Assert.Empty(post.Messages.Hidden(Queues.Webhooks));
    }

    [Fact]
    public async Task A_message_that_is_early_by_the_difference_of_two_clocks_is_sent_again()
    {
        var (post, endpoint, machine) = await FailingAsync(500);
        post.LoseMessages();
        post.World.Clock.Now = post.Deliveries(endpoint).Single().NextAttemptAt!.Value - TimeSpan.FromSeconds(1);
        await post.Messages.SendAsync(new(0, Queues.Webhooks), DeliveryId.Of(endpoint.Id, 1).ToString(), TimeSpan.Zero, default);
        await post.PumpAsync(machine);
        Assert.Single(post.Receivers.All);
        post.Pass(TimeSpan.FromSeconds(1));
        await post.PumpAsync(machine);
        Assert.Equal(2, post.Receivers.All.Count);
    }

    [Fact]
    public async Task What_succeeds_at_last_is_done()
    {
        var (post, endpoint, machine) = await FailingAsync(500);
        Assert.Equal(post.Now, post.FailingSince(endpoint));
        post.Receivers.AlwaysSay(204);
        post.Pass(TimeSpan.FromSeconds(6));
        await post.PumpAsync(machine);
        var delivery = Assert.Single(post.Deliveries(endpoint));
        Assert.Equal((DeliveryStatus.Succeeded, 2), (delivery.Status, delivery.AttemptCount));
        Assert.Equal([500, 204], delivery.Attempts.Select(attempt => attempt.Status));
        Assert.Null(post.FailingSince(endpoint));
        post.ProveQuiet();
    }

    [Fact]
    public async Task Retries_do_not_hold_up_later_events()
    {
        var (post, _, machine) = await FailingAsync(500);
        post.Receivers.AlwaysSay(200);
        await post.BuyAsync("pay_2");
        await post.PumpAsync(machine);
        Assert.Equal([1, 2], post.Receivers.All.Select(one => one.Number));
        post.Pass(TimeSpan.FromSeconds(6));
        await post.PumpAsync(machine);
        Assert.Equal([1, 2, 1], post.Receivers.All.Select(one => one.Number));
    }

    [Fact]
    public async Task A_replay_is_the_same_event_and_has_the_whole_schedule_again()
    {
        var (post, endpoint, machine) = await FailingAsync(500);
        await post.ReplayAsync(endpoint, 1);
        await post.ReplayAsync(endpoint, 1);
        await post.PumpAsync(machine);
        var delivery = Assert.Single(post.Deliveries(endpoint));
        Assert.Equal((1, 2, DeliveryStatus.Pending), (delivery.Tries, delivery.AttemptCount, delivery.Status));
        Assert.Single(post.World.Rows(ScheduledAttempt.Prefix));

        post.Receivers.AlwaysSay(200);
        post.Pass(TimeSpan.FromSeconds(6));
        await post.PumpAsync(machine);
        await post.ReplayAsync(endpoint, 1);
        await post.PumpAsync(machine);
        delivery = Assert.Single(post.Deliveries(endpoint));
        Assert.Equal((DeliveryStatus.Succeeded, 4), (delivery.Status, delivery.AttemptCount));
        Assert.Single(post.Receivers.All.Select(one => one.EventId).Distinct());
        post.ProveQuiet();
    }

    [Fact]
    public async Task The_attempts_made_last_are_kept()
    {
        var (post, endpoint, machine) = await FailingAsync(500);
        for (var i = 0; i < 30; i++)
        {
            post.Receivers.AlwaysSay(500 + i);
            await post.ReplayAsync(endpoint, 1);
            await post.PumpAsync(machine);
        }

        var delivery = Assert.Single(post.Deliveries(endpoint));
        Assert.Equal((31, WebhookDelivery.AttemptsKept, 529), (delivery.AttemptCount, delivery.Attempts.Length, delivery.Attempts[^1].Status));
    }

    private static async Task<(Post Post, WebhookEndpoint Endpoint, Machine Machine)> FailingAsync(int? status)
    {
        var post = await Post.OpenAsync();
        var endpoint = await post.ListenAsync();
        var machine = post.Start();
        post.Receivers.AlwaysSay(status);
        await post.BuyAsync("pay_1");
        await post.PumpAsync(machine);
        Assert.Single(post.Receivers.All);
        return (post, endpoint, machine);
    }
}
