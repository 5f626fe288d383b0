using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Engine.Retention;
using Billing.Engine.Rows;
using Billing.Events;
using Billing.Webhooks;

namespace Billing.Tests.Webhooks.Deliveries;

public sealed class RetentionTests
{
    [Fact]
    public async Task Deliveries_are_kept_30_days_after_their_last_attempt_and_events_for_their_replays()
    {
        var post = await Post.OpenAsync();
        var endpoint = await post.ListenAsync();
        var machine = post.Start();
        await post.BuyAsync();
        await post.PumpAsync(machine);
        post.Pass(TimeSpan.FromDays(30) - TimeSpan.FromMinutes(1));
        await SweepAsync(post);
        await post.ReplayAsync(endpoint, 1);
        await post.PumpAsync(machine);
        Assert.Equal(2, post.Receivers.All.Count);

        post.Pass(TimeSpan.FromDays(7));
        await SweepAsync(post);
        Assert.Single(post.Deliveries(endpoint));
        Assert.Empty(post.World.Rows(BillingEvent.Prefix));

        post.Pass(TimeSpan.FromDays(30));
        await SweepAsync(post);
        Assert.Empty(post.Deliveries(endpoint));
        await post.BuyAsync("pay_2");
        await post.PumpAsync(machine);
        Assert.Equal(3, post.Receivers.All.Count);
    }

    [Fact]
    public async Task What_is_not_delivered_yet_is_kept_however_old_it_is()
    {
        var post = await Post.OpenAsync();
        await post.ListenAsync();
        await post.BuyAsync();
        post.Pass(TimeSpan.FromDays(400));
        await SweepAsync(post);
        await post.PumpAsync(post.Start());
        Assert.Single(post.Receivers.All);
    }

    [Fact]
    public async Task An_event_whose_endpoint_was_removed_at_once_goes_though_nothing_ever_happens_again()
    {
        var post = await Post.OpenAsync();
        var endpoint = await post.ListenAsync();
        await post.BuyAsync();
        await post.DecideAsync(endpoint.Id, unit => EndpointDecisions.Delete(unit, endpoint.Id));
        await post.PumpAsync(post.Start());
        for (var day = 0; day < 60; day++)
        {
            post.Pass(TimeSpan.FromDays(1));
            await SweepAsync(post);
        }

        Assert.Empty(post.Receivers.All);
        Assert.Empty(post.World.Rows(BillingEvent.Prefix));
        Assert.DoesNotContain(post.World.Store.RowsOf(Table.Schedule), row => row.Partition.Key.StartsWith(Queues.Retention, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_event_is_looked_at_when_it_need_not_be_kept_any_more_whatever_became_of_its_deliveries()
    {
        var post = await Post.OpenAsync();
        await post.ListenAsync();
        await post.BuyAsync();
        var told = RowJson.Read<BillingEvent>(Assert.Single(post.World.Rows(BillingEvent.Prefix)).Data);
        Assert.Contains(
            post.World.Store.RowsOf(Table.Schedule),
            row => DueIndexEntry.Of(row.Partition) is { Job: Queues.Retention, Hour: var hour } && told.IsOver(hour) && !told.IsOver(hour.AddDays(-1)));
    }

    [Fact]
    public async Task What_could_not_be_deleted_is_tried_again()
    {
        var post = await Post.OpenAsync();
        await post.ListenAsync();
        await post.BuyAsync();
        await post.PumpAsync(post.Start());
        post.Pass(TimeSpan.FromDays(37));
        post.World.Store.BeforeCommit = (_, writes) => Task.FromResult<CommitResult?>(writes.All(write => write.Kind == WriteKind.Delete) ? new CommitResult.Stale(writes[0].Row.Key) : null);
        await SweepAsync(post);
        Assert.NotEmpty(post.World.Rows(BillingEvent.Prefix));
        post.World.Calm();
        post.Pass(TimeSpan.FromHours(1));
        await SweepAsync(post);
        Assert.Empty(post.World.Rows(BillingEvent.Prefix));
    }

    [Fact]
    public async Task A_delivery_without_its_event_is_given_up()
    {
        var post = await Post.OpenAsync();
        var endpoint = await post.ListenAsync();
        var machine = post.Start();
        post.Receivers.AlwaysSay(500);
        await post.BuyAsync();
        await post.PumpAsync(machine);
        post.LoseMessages();
        post.Pass(TimeSpan.FromDays(40));
        await SweepAsync(post);
        await post.FindDueAsync();
        await post.PumpAsync(machine);
        Assert.Equal((DeliveryStatus.Failed, DeliveryFailure.EventExpired, 1), (post.Deliveries(endpoint)[0].Status, post.Deliveries(endpoint)[0].Failure, post.Deliveries(endpoint)[0].AttemptCount));
        post.ProveQuiet(events: false);
    }

    private static async Task SweepAsync(Post post)
    {
        await new DueJob(post.World.Store, post.Messages, ShardMap.One, post.World.Clock).RunAsync(Queues.Retention, default);
        var consumer = new RetentionConsumer(post.World.Store, post.World.Clock);
        foreach (var message in post.Messages.Drain(Queues.Retention))
        {
            Assert.Equal(Consumption.Done, await consumer.ConsumeAsync(message.Message, default));
        }
    }
}
