using Billing.Engine.Rows;
using Billing.Events;
using Billing.Webhooks;

namespace Billing.Tests.Webhooks.Deliveries;

/// <summary>What was given up is sent again on demand.</summary>
public sealed class RecoveryTests
{
    [Fact]
    public async Task What_failed_and_what_came_while_it_was_disabled_is_sent_again()
    {
        var (post, endpoint, machine) = await DisabledAsync();
        var since = post.Endpoint(endpoint.Id).Disabled!.At;
        post.Pass(TimeSpan.FromHours(1));
        await BuyAsync(post, machine, "pay_2", "pay_3");
        Assert.Equal(["1"], post.Receivers.All.Select(one => $"{one.Number}"));

        post.Receivers.AlwaysSay(200);
        Assert.Equal(3, await post.RecoverAsync(endpoint, since));
        Assert.Null(post.Endpoint(endpoint.Id).Disabled);
        Assert.Equal(0, await post.RecoverAsync(endpoint, since));
        await post.PumpAsync(machine);
        // The second event is what the seller alone hears: that the endpoint was disabled.
        Assert.Equal(["1", "1", "3", "4"], post.Receivers.All.Select(one => $"{one.Number}").Order());
        Assert.All(post.Deliveries(endpoint), one => Assert.Equal((DeliveryStatus.Succeeded, null), (one.Status, one.GivenUpAt)));
        Assert.Equal(0, await post.RecoverAsync(endpoint, since));
        post.ProveQuiet();

        await BuyAsync(post, machine, "pay_4");
        Assert.Equal(5, post.Receivers.All.Count);
    }

    [Fact]
    public async Task What_was_given_up_before_stays_as_it_is()
    {
        var (post, endpoint, machine) = await DisabledAsync();
        post.Pass(TimeSpan.FromHours(1));
        await BuyAsync(post, machine, "pay_2");
        post.Receivers.AlwaysSay(200);
        Assert.Equal(0, await post.RecoverAsync(endpoint, post.Now.AddMilliseconds(1)));
        Assert.Equal(1, await post.RecoverAsync(endpoint, post.Now));
        await post.PumpAsync(machine);
        Assert.Equal([DeliveryStatus.Succeeded, DeliveryStatus.Failed], post.Deliveries(endpoint).Select(one => one.Status));
    }

    [Fact]
    public async Task A_delivery_of_before_that_is_given_up_because_the_endpoint_is_disabled_by_now_is_found()
    {
        var (post, endpoint, machine) = await OpenAsync();
        post.Receivers.AlwaysSay(500);
        await BuyAsync(post, machine, "pay_1");
        post.Pass(TimeSpan.FromSeconds(1));
        post.Receivers.AlwaysSay(410);
        await BuyAsync(post, machine, "pay_2");
        post.Pass(TimeSpan.FromHours(1));
        await post.PumpAsync(machine);
        Assert.Equal([DeliveryFailure.EndpointGone, DeliveryFailure.EndpointDisabled], post.Deliveries(endpoint).Select(one => one.Failure));
        Assert.Equal(2, await post.RecoverAsync(endpoint, post.Endpoint(endpoint.Id).Disabled!.At));
    }

    [Fact]
    public void What_a_slower_clock_gives_up_is_not_given_up_before_the_endpoint_was_disabled()
    {
        var now = new DateTimeOffset(2025, 11, 3, 10, 30, 0, TimeSpan.Zero);
        var given = WebhookDelivery.New("key", 1, EventTypes.CreditsLow, now).GivenUp(DeliveryFailure.EndpointDisabled, now);
        Assert.Equal(now.AddSeconds(1), given.NotGivenUpBefore(now.AddSeconds(1)).GivenUpAt);
        Assert.Equal(now, given.NotGivenUpBefore(now.AddSeconds(-1)).GivenUpAt);
        Assert.Equal(now, given.NotGivenUpBefore(null).GivenUpAt);
        Assert.Null(WebhookDelivery.New("key", 1, EventTypes.CreditsLow, now).NotGivenUpBefore(now).GivenUpAt);
    }

    [Fact]
    public void What_there_is_nothing_to_send_of_cannot_be_recovered()
    {
        var now = new DateTimeOffset(2025, 11, 3, 10, 30, 0, TimeSpan.Zero);
        var given = WebhookDelivery.New("key", 1, EventTypes.CreditsLow, now).GivenUp(DeliveryFailure.AttemptsUsedUp, now.AddDays(3));
        Assert.True(given.IsRecoverable(now.AddDays(3), now.AddDays(4)));
        Assert.False(given.IsRecoverable(now.AddDays(4), now.AddDays(4)));
        Assert.False(given.IsRecoverable(now, now + BillingEvent.KeptFor));
        Assert.False(given.GivenUp(DeliveryFailure.EventExpired, now.AddDays(3)).IsRecoverable(now, now.AddDays(4)));
        Assert.False(given.Replayed(now.AddDays(3)).IsRecoverable(now, now.AddDays(4)));

        // Stored before it was kept when a delivery is given up.
        Assert.True((given with { GivenUpAt = null }).IsRecoverable(now, now.AddDays(4)));
    }

    [Fact]
    public async Task What_somebody_made_who_left_is_not_enabled_and_nothing_is_kept_for_it()
    {
        var post = await Post.OpenAsync();
        var endpoint = await post.ListenAsync();
        await post.DecideAsync(endpoint.Id, unit =>
        {
            unit.Put(endpoint with { Owner = "acct_0123456789abcdef" });
            return (Outcome<int>)0;
        });
        await post.DecideAsync(endpoint.Id, unit => (Outcome<int>)EndpointDecisions.Leave(unit, "acct_0123456789abcdef", [endpoint.Id]).Length);
        await post.BuyAsync();
        Assert.All(post.World.Rows(BillingEvent.Prefix), row => Assert.Empty(RowJson.Read<BillingEvent>(row.Data).Targets));
        Assert.Empty(post.World.Rows(ScheduledAttempt.Prefix));
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => post.RecoverAsync(endpoint, post.Now));
        Assert.Contains(RefusalCodes.Conflict, refused.Message);
        Assert.Equal(DisabledReason.MemberLeft, post.Endpoint(endpoint.Id).Disabled!.Reason);
    }

    [Fact]
    public async Task Who_gives_up_while_the_endpoint_is_recovered_puts_it_back()
    {
        var (post, endpoint, machine) = await DisabledAsync();
        post.Receivers.AlwaysSay(200);
        var recovered = 0;
        post.World.Store.BeforeCommit = async (_, writes) =>
        {
            if (writes.Any(write => write.Row.Data.Text.Contains("endpoint_disabled", StringComparison.Ordinal)) && Interlocked.Exchange(ref recovered, 1) == 0)
            {
                await post.RecoverAsync(endpoint, post.Now);
            }

            return null;
        };
        await BuyAsync(post, machine, "pay_2");
        await post.PumpAsync(machine);
        Assert.Equal(1, recovered);
        Assert.Contains(post.Receivers.All, one => one.Number == 3);
        post.ProveQuiet();
    }

    [Fact]
    public async Task Fifty_fit_into_a_commit_with_what_waits_beside_them()
    {
        var (post, endpoint, machine) = await DisabledAsync();
        for (var i = 2; i <= 55; i++)
        {
            await post.BuyAsync($"pay_{i}");
        }

        await post.PumpAsync(machine);
        post.Receivers.AlwaysSay(200);
        var writer = post.Start().Writer;
        var recovery = await post.RecoveryAsync(endpoint, post.Now);
        var (arrived, gate, commits) = (new TaskCompletionSource(), new TaskCompletionSource(), 0);
        post.World.Store.BeforeCommit = async (partition, _) =>
        {
            commits += partition == post.World.Partition ? 1 : 0;
            arrived.TrySetResult();
            await gate.Task;
            return null;
        };
        var first = writer.SubmitAsync(Committing.World.WorkspaceId, post.World.Buy(20, "first"));
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(60));
        var beside = Enumerable.Range(0, 15).Select(i => writer.SubmitAsync(Committing.World.WorkspaceId, post.World.Buy(20, $"beside {i}"))).ToList();
        var recovered = writer.SubmitAsync(Committing.World.WorkspaceId, recovery);
        gate.SetResult();
        Assert.All(await Task.WhenAll([first, .. beside]), one => Assert.True(one!.Outcome!.TryGet(out _, out _)));
        Assert.True((await recovered)!.Outcome!.TryGet(out var count, out _));
        Assert.Equal((RecoverDecision.Most, 3), (count, commits));
    }

    [Fact]
    public async Task A_crash_at_every_step_of_a_recovery_loses_nothing()
    {
        var step = 0;
        for (var done = false; !done; step++)
        {
            var (post, endpoint, machine) = await DisabledAsync();
            var since = post.Endpoint(endpoint.Id).Disabled!.At;
            await BuyAsync(post, machine, "pay_2");
            post.Receivers.AlwaysSay(200);
            var power = new Power(post, step);
            try
            {
                await post.RecoverAsync(endpoint, since);
                await post.PumpAsync(post.Start());
            }
            catch (PowerCutException)
            {
                // Who asked for it asks again.
            }

            done = power.Steps <= step;
            power.Back();
            var next = post.Start();
            await post.RecoverAsync(endpoint, since);
            for (var minute = 0; minute < 3; minute++)
            {
                post.Pass(TimeSpan.FromMinutes(1));
                await post.FindDueAsync();
                await post.PumpAsync(next);
            }

            Assert.Null(post.Endpoint(endpoint.Id).Disabled);
            Assert.All(post.Deliveries(endpoint), one => Assert.Equal(DeliveryStatus.Succeeded, one.Status));
            post.ProveQuiet();
        }

        Assert.InRange(step, 30, 200);
    }

    private static async Task BuyAsync(Post post, Machine machine, params string[] references)
    {
        foreach (var reference in references)
        {
            await post.BuyAsync(reference);
            await post.PumpAsync(machine);
        }
    }

    private static async Task<(Post Post, WebhookEndpoint Endpoint, Machine Machine)> OpenAsync()
    {
        var post = await Post.OpenAsync();
        return (post, await post.ListenAsync(), post.Start());
    }

    private static async Task<(Post Post, WebhookEndpoint Endpoint, Machine Machine)> DisabledAsync()
    {
        var (post, endpoint, machine) = await OpenAsync();
        post.Receivers.AlwaysSay(410);
        await BuyAsync(post, machine, "pay_1");
        Assert.Equal(DisabledReason.Gone, post.Endpoint(endpoint.Id).Disabled!.Reason);
        return (post, endpoint, machine);
    }
}
