using Billing.Accounts;
using Billing.Testing;
using Billing.Tests.Writing;
using Billing.Webhooks;

namespace Billing.Tests.Webhooks.Deliveries;

public sealed class HandoverTests
{
    [Fact]
    public async Task An_event_reaches_every_endpoint_that_wants_it_once()
    {
        var post = await Post.OpenAsync(credits: 50);
        var all = await post.ListenAsync();
        var topUps = await post.ListenAsync(events: EventTypes.CreditsToppedUp);
        var other = await post.ListenAsync(events: EventTypes.CreditsRenewed);
        var machine = post.Start();
        await post.BuyAsync("pay_1");
        await post.PumpAsync(machine);

        Assert.Equal([all.Url, topUps.Url], post.Receivers.All.Select(one => one.Url).Order());
        var received = post.Receivers.All[0];
        Assert.Equal((EventTypes.CreditsToppedUp, Ids.Of("evt", World.WorkspaceId, 1), post.Now), (received.Type, received.EventId, received.SentAt));
        Assert.True(WebhookSignature.Verify(all.Secret, received.EventId, received.SentAt.ToUnixTimeSeconds().ToString(), received.Signatures, received.Body));
        var delivery = Assert.Single(post.Deliveries(all));
        Assert.Equal((DeliveryStatus.Succeeded, 1, null), (delivery.Status, delivery.AttemptCount, delivery.NextAttemptAt));
        Assert.Equal(new DeliveryAttempt(post.Now, 200, 100, "", null), delivery.Attempts.Single());
        Assert.Empty(post.Deliveries(other));
        await post.ProveQuietAsync();
    }

    [Fact]
    public async Task The_body_is_type_timestamp_and_data()
    {
        var post = await Post.OpenAsync();
        await post.ListenAsync();
        var machine = post.Start();
        await post.BuyAsync("pay_1");
        await post.PumpAsync(machine);
        var topUp = TopUp.IdOf(World.WorkspaceId, "pay_1");
        Assert.Equal(
            $$$"""{"type":"credits.topped_up","timestamp":"2025-11-01T12:00:00Z","data":{"amount":20,"credits":20,"top_up_id":"{{{topUp}}}","workspace_id":"{{{World.WorkspaceId}}}"}}""",
            System.Text.Encoding.UTF8.GetString(post.Receivers.All.Single().Body));
    }

    [Fact]
    public async Task A_machine_that_saw_the_note_before_another_delivered_it_gives_the_lane_back()
    {
        var post = await Post.OpenAsync(credits: 50);
        var endpoint = await post.ListenAsync();
        var (late, other) = (post.Start(), post.Start());
        await post.BuyAsync("pay_1");
        await post.ConsumeAsync(other, Ids.Of("evt", World.WorkspaceId, 1));
        var (seen, first) = (new TaskCompletionSource(), true);
        post.World.Ledger.AfterRead = read =>
        {
            _ = read.Kind == LedgerReadKind.List && seen.TrySetResult();
            return Task.CompletedTask;
        };
        post.World.Ledger.BeforeRead = async read =>
        {
            if (first && read.RowKey == EndpointLane.KeyOf(endpoint.Key))
            {
                first = false;
                await seen.Task;
                await post.ConsumeAsync(other, endpoint.Id);
            }
        };

        await post.ConsumeAsync(late, endpoint.Id);

        Assert.False(first);
        Assert.Single(post.Receivers.All);
        await post.ProveQuietAsync();
    }

    [Fact]
    public async Task A_message_that_comes_ten_times_to_two_machines_delivers_once()
    {
        var post = await Post.OpenAsync(credits: 50, atOnce: 10);
        var endpoint = await post.ListenAsync();
        var machines = new[] { post.Start(), post.Start() };
        await post.BuyAsync("pay_1");
        var message = Ids.Of("evt", World.WorkspaceId, 1);
        for (var i = 0; i < 10; i++)
        {
            await post.Doorbell.RingAsync(Queues.Webhooks, message, TimeSpan.Zero, default);
            await post.Doorbell.RingAsync(Queues.Webhooks, endpoint.Id, TimeSpan.Zero, default);
        }

        await post.PumpAsync(machines);
        for (var i = 0; i < 3; i++)
        {
            post.Pass(TimeSpan.FromMinutes(1));
            await post.PumpAsync(machines);
        }

        Assert.Single(post.Receivers.All);
        await post.ProveQuietAsync();
    }

    [Fact]
    public async Task A_message_for_an_event_that_never_was_is_dropped()
    {
        var post = await Post.OpenAsync();
        var consumer = post.Start().Consumer;
        Assert.Equal(Jobs.ConsumptionKind.Dropped, (await consumer.ConsumeAsync(Ids.Of("evt", World.WorkspaceId, 7), default)).Kind);
        Assert.Equal(Jobs.ConsumptionKind.Dropped, (await consumer.ConsumeAsync("evt_" + new string('9', 25), default)).Kind);
        Assert.Equal(Jobs.ConsumptionKind.Parked, (await consumer.ConsumeAsync("gen_" + new string('9', 25), default)).Kind);
        Assert.Equal(Jobs.ConsumptionKind.Parked, (await consumer.ConsumeAsync("we_a|b|c", default)).Kind);
    }

    [Fact]
    public async Task Events_whose_bells_were_all_lost_are_found_an_hour_later()
    {
        var post = await Post.OpenAsync();
        await post.ListenAsync();
        var machine = post.Start();
        await post.BuyAsync("pay_1");
        await post.BuyAsync("pay_2");
        post.LoseBells();

        post.Pass(TimeSpan.FromHours(1));
        await new Jobs.DueJob(post.World.Ledger, post.Doorbell, post.World.Clock).RunAsync(Queues.Expirations, default);
        var finder = new Jobs.DueConsumer(Queues.Expirations, post.World.Ledger, post.Doorbell, machine.Writer, post.World.Clock);
        foreach (var ring in post.Doorbell.Drain(Queues.Expirations))
        {
            await finder.ConsumeAsync(ring.Message, default);
        }

        await post.PumpAsync(machine);
        Assert.Equal([1, 2], post.Receivers.All.Select(one => one.Number));
        await post.ProveQuietAsync();
    }

    [Fact]
    public async Task A_hundred_events_for_twenty_endpoints_fit_their_transactions()
    {
        var post = await Post.OpenAsync(atOnce: 8);
        for (var i = 0; i < EndpointDecisions.Most; i++)
        {
            await post.ListenAsync(events: EventTypes.CreditsToppedUp);
        }

        var machine = post.Start();
        for (var i = 0; i < 100; i++)
        {
            await post.BuyAsync($"pay_{i}");
        }

        await post.PumpAsync(machine);
        for (var i = 0; i < 5; i++)
        {
            post.Pass(TimeSpan.FromMinutes(1));
            await post.PumpAsync(machine);
        }

        Assert.Equal(2_000, post.Receivers.All.Count);
        Assert.All(post.Receivers.All.GroupBy(one => one.Url), all => Assert.Equal(Enumerable.Range(1, 100).Select(number => (long)number), all.Select(one => one.Number)));
        await post.ProveQuietAsync();
        Assert.InRange(post.World.AccountRow.Data.Length * 2, 1, 16 * 1024);
    }
}
