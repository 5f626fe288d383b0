using Billing.Engine.Due;
using Billing.Events;
using Billing.Tests.Committing;
using Billing.TopUps;
using Billing.Webhooks;

namespace Billing.Tests.Webhooks.Deliveries;

public sealed class FanOutTests
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
        var received = post.Receivers.All.Single(one => one.Url == all.Url);
        Assert.Equal((EventTypes.CreditsToppedUp, Ids.Of("evt", World.WorkspaceId, 1), post.Now), (received.Type, received.EventId, received.SentAt));
        Assert.True(WebhookSignature.Verify(all.Secret, received.EventId, received.SentAt.ToUnixTimeSeconds().ToString(), received.Signatures, received.Body));
        var delivery = Assert.Single(post.Deliveries(all));
        Assert.Equal((DeliveryStatus.Succeeded, 1, null), (delivery.Status, delivery.AttemptCount, delivery.NextAttemptAt));
        Assert.Equal(new DeliveryAttempt(post.Now, 200, 100, "", null), delivery.Attempts.Single());
        Assert.Empty(post.Deliveries(other));
        post.ProveQuiet();
    }

    [Fact]
    public async Task The_body_is_type_timestamp_sequence_and_data()
    {
        var post = await Post.OpenAsync();
        await post.ListenAsync();
        var machine = post.Start();
        await post.BuyAsync("pay_1");
        await post.PumpAsync(machine);
        var topUp = TopUp.IdOf(World.WorkspaceId, "pay_1");
        Assert.Equal(
            $$$"""{"type":"credits.topped_up","timestamp":"2025-11-01T12:00:00Z","sequence":1,"data":{"amount":20,"credits":20,"top_up_id":"{{{topUp}}}","workspace_id":"{{{World.WorkspaceId}}}"}}""",
            System.Text.Encoding.UTF8.GetString(post.Receivers.All.Single().Body));
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
            await post.Messages.SendAsync(new(0, Queues.Webhooks), message, TimeSpan.Zero, default);
            await post.Messages.SendAsync(new(0, Queues.Webhooks), DeliveryId.Of(endpoint.Id, 1).ToString(), TimeSpan.Zero, default);
        }

        await post.PumpAsync(machines);
        for (var i = 0; i < 3; i++)
        {
            post.Pass(TimeSpan.FromMinutes(1));
            await post.PumpAsync(machines);
        }

        Assert.Single(post.Receivers.All);
        post.ProveQuiet();
    }

    [Fact]
    public async Task A_message_for_an_event_that_never_was_is_dropped()
    {
        var post = await Post.OpenAsync();
        var consumer = post.Start().Consumer;
        Assert.Equal(ConsumptionKind.Dropped, (await consumer.ConsumeAsync(Ids.Of("evt", World.WorkspaceId, 7), default)).Kind);
        Assert.Equal(ConsumptionKind.Dropped, (await consumer.ConsumeAsync("evt_" + new string('9', 25), default)).Kind);
        Assert.Equal(ConsumptionKind.Parked, (await consumer.ConsumeAsync("gen_" + new string('9', 25), default)).Kind);
        Assert.Equal(ConsumptionKind.Parked, (await consumer.ConsumeAsync("we_a|b|c", default)).Kind);
        Assert.Equal(ConsumptionKind.Done, (await consumer.ConsumeAsync("dlv_" + new string('9', 40), default)).Kind);
    }

    [Fact]
    public async Task Events_whose_messages_were_all_lost_are_found_by_the_timer()
    {
        var post = await Post.OpenAsync();
        await post.ListenAsync();
        await post.BuyAsync("pay_1");
        await post.BuyAsync("pay_2");
        post.LoseMessages();

        // A link is written for a quarter of an hour ahead, in the next hour if need be.
        post.Pass(TimeSpan.FromMinutes(15));
        await post.FindDueAsync();
        await post.PumpAsync(post.Start());
        Assert.Equal([1, 2], post.Receivers.All.Select(one => one.Number).Order());
        post.ProveQuiet();
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
            // What does not fit into the process's memory is found by the timer.
            post.Pass(TimeSpan.FromMinutes(1));
            await post.FindDueAsync();
            await post.PumpAsync(machine);
        }

        Assert.Equal(2_000, post.Receivers.All.Count);
        Assert.All(post.Receivers.All.GroupBy(one => one.Url), all => Assert.Equal(Enumerable.Range(1, 100).Select(number => (long)number), all.Select(one => one.Number).Order()));
        post.ProveQuiet();
        Assert.InRange(post.World.WorkspaceRow.Data.Length, 1, 8 * 1024);
    }
}
