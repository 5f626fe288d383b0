using Billing.Catalogs;
using Billing.Events;
using Billing.Subscriptions;
using Billing.Tests.Catalogs;
using Billing.Workspaces;
using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.Workspaces;

public sealed class PaymentTests
{
    [Theory]
    [InlineData(PaymentStatus.Failed)]
    [InlineData(PaymentStatus.Pending)]
    public void A_payment_that_did_not_arrive_pauses_everything_that_spends(PaymentStatus status)
    {
        var workspace = Of("bluma", plan: "starter").Pay(status);
        workspace.Buy(50, "pay_2");
        workspace.Give(5);
        foreach (var cost in new decimal[] { 1, 1000 })
        {
            var refusal = Declined(RefusalCodes.PaymentRequired, workspace.TryAdmit(cost));
            Assert.Equal(workspace.Catalog.PayUrl, refusal.ActionUrl);
        }

        Declined(RefusalCodes.PaymentRequired, workspace.TryBatch(allOrNothing: true, 1, 2));
        var batch = Accepted(workspace.TryBatch(allOrNothing: false, 1, 2));
        Assert.All(batch.Items, item => Assert.Equal(RefusalCodes.PaymentRequired, item.Refusal!.Code));
        Assert.Equal(155, workspace.Balance);
    }

    [Fact]
    public void A_payment_that_arrives_resumes_without_granting_again()
    {
        var workspace = Of("bluma", plan: "starter").Pay(PaymentStatus.Failed).On("2025-11-20T00:00:00Z").Pay(PaymentStatus.Succeeded);
        workspace.Admit(1);
        Assert.Equal(["purchase 100 → 100", "deduction -1 → 99"], workspace.Lines);
        Assert.Equal(100, workspace.On("2025-12-01T00:00:00Z").Balance);
    }

    [Fact]
    public void What_was_admitted_before_the_pause_settles_and_is_refunded_during_it()
    {
        var workspace = Of("bluma", plan: "starter");
        var (done, failed) = (workspace.Admit(10), workspace.Admit(20));
        workspace.Pay(PaymentStatus.Failed);
        workspace.Complete(done);
        workspace.FailAndRefund(failed);
        Assert.Equal(90, workspace.Balance);
    }

    [Fact]
    public void A_renewal_due_while_paused_waits_for_the_payment()
    {
        var workspace = Of("bluma", plan: "starter").On("2025-11-25T00:00:00Z").Pay(PaymentStatus.Failed);
        workspace.On("2025-12-03T09:00:00Z");
        Assert.Equal(["purchase 100 → 100", "renewal_expiry -100 → 0"], workspace.Lines);
        workspace.Pay(PaymentStatus.Succeeded);
        Assert.Equal("purchase 100 → 100", workspace.Lines.Last());
        Assert.Equal(At("2025-12-03T09:00:00Z"), workspace.LastEntry.CreatedAt);
        Assert.Null(workspace.LastEntry.Metadata);
        Assert.Equal(At("2026-01-01T00:00:00Z"), workspace.Subscription.PeriodEndsAt);
    }

    [Fact]
    public void Of_several_renewals_due_while_paused_only_the_current_period_is_granted_and_the_ledger_says_so()
    {
        var workspace = Of("bluma", plan: "starter").Pay(PaymentStatus.Pending).On("2026-02-14T00:00:00Z").Pay(PaymentStatus.Succeeded);
        Assert.Equal(["purchase 100 → 100", "renewal_expiry -100 → 0", "purchase 100 → 100"], workspace.Lines);
        Assert.Equal(2, workspace.LastEntry.Metadata!["missed_periods"].Number);
        Assert.Equal(At("2026-03-01T00:00:00Z"), workspace.Subscription.PeriodEndsAt);
    }

    [Fact]
    public void A_plan_changed_during_the_pause_stays_paused_and_is_granted_on_resuming()
    {
        var workspace = Of("bluma", plan: "starter").Pay(PaymentStatus.Failed).Subscribe("pro");
        Declined(RefusalCodes.PaymentRequired, workspace.TryAdmit(1));
        workspace.On("2025-12-02T00:00:00Z").Pay(PaymentStatus.Succeeded);
        Assert.Equal(500, workspace.Balance);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Changed_to_a_free_plan_a_paused_subscription_takes_it_at_its_periods_end(bool pausedFirst)
    {
        var workspace = Of("bluma", plan: "starter");
        _ = pausedFirst ? workspace.Pay(PaymentStatus.Failed).Subscribe("free") : workspace.Subscribe("free").Pay(PaymentStatus.Failed);
        Declined(RefusalCodes.PaymentRequired, workspace.On("2025-11-30T23:59:59Z").TryAdmit(1));
        workspace.On("2025-12-01T00:00:00Z").Admit(10);
        Assert.Equal(["purchase 100 → 100", "renewal_expiry -100 → 0", "purchase 10 → 10", "deduction -10 → 0"], workspace.Lines);
        Assert.Equal(("free", false, At("2026-01-01T00:00:00Z")), (workspace.Subscription.Current.Plan, workspace.Subscription.Paused, workspace.Subscription.PeriodEndsAt));
    }

    [Fact]
    public void Changed_to_a_free_plan_when_its_period_is_over_a_paused_subscription_takes_it_at_once_for_the_current_period()
    {
        var workspace = Of("bluma", plan: "starter").Pay(PaymentStatus.Failed).On("2026-02-10T00:00:00Z");
        workspace.Buy(20, "pay_2");
        workspace.On("2026-02-14T00:00:00Z").Subscribe("free");
        Assert.Equal(["purchase 20 → 20", "purchase 10 → 30"], workspace.Lines.TakeLast(2));
        Assert.Equal((At("2026-02-14T00:00:00Z"), 2m), (workspace.LastEntry.CreatedAt, workspace.LastEntry.Metadata!["missed_periods"].Number));
        Assert.Equal((false, At("2026-03-01T00:00:00Z")), (workspace.Subscription.Paused, workspace.Subscription.PeriodEndsAt));
        workspace.Admit(30);
    }

    [Fact]
    public void Changed_to_another_paid_plan_when_its_period_is_over_a_paused_subscription_waits_on()
    {
        var workspace = Of("bluma", plan: "starter").Pay(PaymentStatus.Failed).On("2026-02-10T00:00:00Z").Subscribe("pro");
        Assert.Equal((0, true), (workspace.Balance, workspace.Subscription.Paused));
        Assert.Equal(500, workspace.Pay(PaymentStatus.Succeeded).Balance);
    }

    [Fact]
    public void A_plan_without_a_price_has_nothing_to_be_unpaid()
    {
        var workspace = Of("bluma");
        Assert.False(Accepted(workspace.TryPay(PaymentStatus.Failed)).Applied);
        Assert.False(workspace.Subscription.Paused);
        workspace.Admit(1);
        Assert.Equal((10, false), (workspace.On("2025-12-01T00:00:00Z").Balance, workspace.Subscription.Paused));
    }

    [Fact]
    public void What_was_reported_before_its_plan_began_counts_for_it_when_more_is_told()
    {
        var workspace = Of("bluma").Pay(PaymentStatus.Pending).On("2025-11-01T00:01:00Z").Subscribe("starter");
        Assert.False(workspace.Subscription.Paused);
        Assert.True(workspace.Pay(PaymentStatus.Failed).Subscription.Paused);
        Assert.True(Of("bluma").Pay(PaymentStatus.Pending).On("2025-12-05T00:00:00Z").Subscribe("starter").Pay(PaymentStatus.Failed).Subscription.Paused);
        var paid = Of("bluma").Pay(PaymentStatus.Succeeded).On("2025-11-01T00:01:00Z").Subscribe("starter");
        Repeated(paid.TryPay(PaymentStatus.Pending));
        Assert.False(paid.Subscription.Paused);
    }

    [Theory]
    [InlineData(PaymentStatus.Pending)]
    [InlineData(PaymentStatus.Failed)]
    [InlineData(PaymentStatus.Succeeded)]
    public void What_succeeded_stays_paid_whatever_comes_late(PaymentStatus late)
    {
        var workspace = Of("bluma", plan: "starter").Pay(PaymentStatus.Succeeded);
        Assert.False(Repeated(workspace.TryPay(late)).Applied);
        Assert.False(workspace.On("2025-11-02T00:00:00Z").Subscription.Paused);
        workspace.Admit(1);
    }

    [Fact]
    public void An_older_payment_that_succeeds_again_or_late_does_not_resume()
    {
        var workspace = Of("bluma", plan: "starter").Pay(PaymentStatus.Succeeded, "inv_1").On("2025-12-01T00:00:00Z").Pay(PaymentStatus.Failed, "inv_2");
        Repeated(workspace.TryPay(PaymentStatus.Succeeded, "inv_1"));
        workspace.On("2026-01-05T00:00:00Z");
        Repeated(workspace.TryPay(PaymentStatus.Succeeded, "inv_1"));
        workspace.Pay(PaymentStatus.Failed, "inv_0", "2025-11-20T00:00:00Z").Pay(PaymentStatus.Succeeded, "inv_0");
        Assert.Equal((true, 0), (workspace.Subscription.Paused, workspace.Balance));
        Assert.Equal(100, workspace.Pay(PaymentStatus.Succeeded, "inv_2").Balance);
    }

    [Fact]
    public void Only_the_newest_payment_pauses_in_whatever_order_they_are_told()
    {
        var workspace = Of("bluma", plan: "starter").On("2025-12-02T00:00:00Z");
        workspace.Pay(PaymentStatus.Succeeded, "inv_2", "2025-12-01T12:00:00Z").Pay(PaymentStatus.Failed, "inv_1", "2025-12-01T11:59:59Z");
        Assert.False(workspace.Subscription.Paused);
        Assert.True(workspace.Pay(PaymentStatus.Failed, "inv_3").Subscription.Paused);
    }

    [Fact]
    public void The_age_of_a_payment_is_that_of_its_first_report()
    {
        var workspace = Of("bluma", plan: "starter").Pay(PaymentStatus.Failed, "inv_1").On("2025-11-02T00:00:00Z").Pay(PaymentStatus.Succeeded, "inv_2");
        Assert.False(workspace.On("2025-11-03T00:00:00Z").Subscription.Paused);
        workspace.Pay(PaymentStatus.Disputed, "inv_1", "2025-11-03T00:00:00Z");
        Assert.False(workspace.Subscription.Paused);
    }

    [Fact]
    public void Where_two_payments_are_of_one_age_paid_wins()
    {
        var workspace = Of("bluma", plan: "starter").Pay(PaymentStatus.Failed, "inv_1").Pay(PaymentStatus.Succeeded, "inv_2").Pay(PaymentStatus.Failed, "inv_3");
        Assert.False(workspace.Subscription.Paused);
        Assert.True(workspace.Pay(PaymentStatus.Disputed, "inv_2").Subscription.Paused);
        Assert.False(workspace.Pay(PaymentStatus.Succeeded, "inv_3").Subscription.Paused);
        Assert.False(workspace.Pay(PaymentStatus.Won, "inv_2").Pay(PaymentStatus.Refunded, "inv_2").Subscription.Paused);
    }

    [Fact]
    public void A_disputed_payment_is_unpaid_until_it_is_won_and_a_refunded_one_for_good()
    {
        var workspace = Of("bluma", plan: "starter").Pay(PaymentStatus.Succeeded).On("2025-11-20T00:00:00Z").Pay(PaymentStatus.Disputed);
        Repeated(workspace.TryPay(PaymentStatus.Succeeded));
        Assert.True(workspace.Subscription.Paused);
        Assert.False(workspace.On("2025-12-10T00:00:00Z").Pay(PaymentStatus.Won).Subscription.Paused);
        Repeated(workspace.TryPay(PaymentStatus.Disputed));
        Assert.Equal((false, 100), (workspace.Subscription.Paused, workspace.Balance));
        Assert.True(workspace.Pay(PaymentStatus.Refunded).Subscription.Paused);
        Repeated(workspace.TryPay(PaymentStatus.Won));
        Assert.True(workspace.Subscription.Paused);
    }

    [Fact]
    public void What_a_former_subscription_owed_is_no_matter_of_a_new_one()
    {
        var workspace = Of("bloom", plan: "plus").Pay(PaymentStatus.Pending, "inv_1").On("2025-11-10T00:00:00Z").Cancel().On("2025-12-05T00:00:00Z").Subscribe("pro");
        Assert.False(workspace.Pay(PaymentStatus.Failed, "inv_1").Subscription.Paused);
        Assert.True(workspace.Pay(PaymentStatus.Failed, "inv_2").Subscription.Paused);

        var fallen = Of("bluma", plan: "starter").Pay(PaymentStatus.Pending, "inv_1").On("2025-11-10T00:00:00Z").Cancel().On("2025-12-05T00:00:00Z").Subscribe("pro");
        Assert.False(fallen.Pay(PaymentStatus.Failed, "inv_1").Subscription.Paused);
        Assert.True(fallen.Pay(PaymentStatus.Failed, "inv_2").Subscription.Paused);
    }

    [Fact]
    public void Who_falls_to_a_free_plan_unpaid_is_told_that_all_goes_on()
    {
        var workspace = Of("bluma", plan: "starter").Hear(EventTypes.SubscriptionPaused, EventTypes.SubscriptionResumed, EventTypes.CreditsRenewed);
        workspace.Pay(PaymentStatus.Failed).Cancel().On("2025-12-01T00:00:00Z");
        Assert.Equal([EventTypes.SubscriptionPaused, EventTypes.SubscriptionResumed, EventTypes.CreditsRenewed], workspace.Events.Select(told => told.Type));
        Assert.Equal(("free", "pay_1", At("2025-12-01T00:00:00Z")), (workspace.Events[1].Data["plan"].Text, workspace.Events[1].Data["reference"].Text, workspace.Events[1].Timestamp));
        workspace.Pay(PaymentStatus.Succeeded);
        Assert.Equal(3, workspace.Events.Count);
    }

    [Fact]
    public void Days_of_grace_delay_the_pause_and_the_payment_within_them_avoids_it()
    {
        var workspace = WithGrace().On("2025-11-20T00:00:00Z").Hear(EventTypes.SubscriptionPaused, EventTypes.SubscriptionResumed);
        workspace.Pay(PaymentStatus.Failed, "inv_1").On("2025-11-22T00:00:00Z").Pay(PaymentStatus.Failed, "inv_2").Admit(1);
        Assert.False(workspace.On("2025-11-22T23:59:59.999Z").Subscription.Paused);
        Assert.True(workspace.On("2025-11-23T00:00:00Z").Subscription.Paused);
        Declined(RefusalCodes.PaymentRequired, workspace.TryAdmit(1));
        workspace.Pay(PaymentStatus.Succeeded, "inv_2").Admit(1);
        Assert.Equal([At("2025-11-23T00:00:00Z"), At("2025-11-23T00:00:00Z")], workspace.Events.Select(told => told.Timestamp));
        Assert.Equal("inv_2", workspace.Events[0].Data["reference"].Text);

        var paid = WithGrace().Pay(PaymentStatus.Failed).On("2025-11-02T00:00:00Z").Hear([.. EventTypes.All]).Pay(PaymentStatus.Succeeded).On("2025-11-29T00:00:00Z");
        Assert.False(paid.Subscription.Paused);
        Assert.Empty(paid.Events);
    }

    [Fact]
    public void Within_grace_a_subscription_renews_and_behind_it_waits()
    {
        var renewed = WithGrace().On("2025-11-29T00:00:00Z").Pay(PaymentStatus.Failed).On("2025-12-01T00:00:00Z");
        Assert.Equal((100, false), (renewed.Balance, renewed.Subscription.Paused));
        Assert.True(renewed.On("2025-12-02T00:00:00Z").Subscription.Paused);
        Assert.Equal(0, WithGrace().On("2025-11-28T00:00:00Z").Pay(PaymentStatus.Failed).On("2025-12-05T00:00:00Z").Balance);
        Assert.Equal((false, null), (WithGrace().On("2025-11-29T00:00:00Z").Pay(PaymentStatus.Failed).Cancel().On("2025-12-05T00:00:00Z") is var fallen && fallen.Subscription.Paused, fallen.Subscription.PausesAt));
    }

    [Fact]
    public void Grace_begins_when_the_payment_failed_not_when_it_is_told()
    {
        var workspace = WithGrace().On("2025-11-20T00:00:00Z").Pay(PaymentStatus.Failed, "inv_1", "2025-11-17T00:00:00Z");
        Assert.True(workspace.Subscription.Paused);
    }

    [Fact]
    public void A_payment_of_the_future_is_refused_but_for_a_clock_that_is_a_little_fast()
    {
        var workspace = Of("bluma", plan: "starter");
        Declined(RefusalCodes.InvalidRequest, workspace.TryPay(PaymentStatus.Failed, "inv_1", "2025-11-01T00:05:00.001Z"));
        workspace.Pay(PaymentStatus.Failed, "inv_1", "2025-11-01T00:05:00Z").On("2025-11-01T00:00:01Z").Pay(PaymentStatus.Succeeded, "inv_2");
        Assert.False(workspace.Subscription.Paused);
    }

    [Fact]
    public void The_same_news_twice_is_news_once()
    {
        var workspace = Of("bluma", plan: "starter").Hear(EventTypes.SubscriptionPaused, EventTypes.SubscriptionResumed, EventTypes.CreditsRenewed);
        workspace.Pay(PaymentStatus.Pending);
        Repeated(workspace.TryPay(PaymentStatus.Pending));
        workspace.Pay(PaymentStatus.Failed);
        Repeated(workspace.TryPay(PaymentStatus.Pending));
        workspace.On("2025-12-01T00:00:00Z").Pay(PaymentStatus.Succeeded);
        Repeated(workspace.TryPay(PaymentStatus.Succeeded));
        Assert.Equal(
            [EventTypes.SubscriptionPaused, EventTypes.SubscriptionResumed, EventTypes.CreditsRenewed],
            workspace.Events.Select(told => told.Type));
        Assert.Equal("pay_1", workspace.Events[0].Data["reference"].Text);
        Assert.Equal(100, workspace.Balance);
    }

    [Fact]
    public void A_plan_without_a_price_of_the_catalogs_costs_what_was_paid_for_it_last()
    {
        var workspace = LiveWorkspace.Of("bloom", plan: "plus").Pay(PaymentStatus.Succeeded, cents: 1_500);
        Assert.Null(Cost(workspace));
        Assert.Equal("3/100USD", Cost(workspace.On("2025-12-01T00:00:00Z")));
        Assert.Equal("3/100USD", Cost(workspace.Pay(PaymentStatus.Failed, "pay_2").Pay(PaymentStatus.Succeeded, "pay_2").On("2026-01-01T00:00:00Z")));
        Assert.Equal("1/25USD", Cost(workspace.Pay(PaymentStatus.Succeeded, "pay_3", cents: 2_000).On("2026-02-01T00:00:00Z")));
        Assert.Null(Cost(workspace.Subscribe("pro").On("2026-03-01T00:00:00Z")));
    }

    [Fact]
    public void A_renewal_that_waited_for_its_payment_costs_what_that_was()
    {
        var workspace = LiveWorkspace.Of("bloom", plan: "plus").Pay(PaymentStatus.Failed).On("2025-12-05T00:00:00Z").Pay(PaymentStatus.Succeeded, cents: 1_000);
        Assert.Equal("1/50USD", Cost(workspace));
    }

    [Fact]
    public void What_was_paid_before_its_plan_began_is_what_that_costs()
    {
        var workspace = LiveWorkspace.Of("bluma").Pay(PaymentStatus.Succeeded, cents: 90_000).Subscribe("enterprise", 3_000);
        Assert.Equal("3/100USD", Cost(workspace));
    }

    [Fact]
    public void A_price_of_the_catalogs_goes_before_what_was_paid_and_what_is_paid_once_has_none_by_the_month()
    {
        Assert.Equal("29/1000USD", Cost(LiveWorkspace.Of("bluma", plan: "starter").Pay(PaymentStatus.Succeeded, cents: 1_000).On("2025-12-01T00:00:00Z")));
        Assert.Null(Cost(LiveWorkspace.Of("gleam", plan: "lifetime").Pay(PaymentStatus.Succeeded, cents: 9_900).On("2025-12-01T00:00:00Z")));
        Assert.Null(Cost(LiveWorkspace.Of("bluma").On("2025-12-01T00:00:00Z")));
    }

    [Fact]
    public void What_was_paid_is_told_of_what_succeeded_and_of_one_payment_once()
    {
        var workspace = LiveWorkspace.Of("bluma", plan: "starter");
        Assert.Contains("paid", Declined(RefusalCodes.InvalidRequest, workspace.TryPay(PaymentStatus.Failed, cents: 2_900)).Errors!.Keys);
        Assert.Contains("paid", Declined(RefusalCodes.InvalidRequest, workspace.TryPay(PaymentStatus.Pending, cents: 2_900)).Errors!.Keys);
        workspace.Pay(PaymentStatus.Succeeded, cents: 2_900);
        Repeated(workspace.TryPay(PaymentStatus.Succeeded, cents: 2_900));
        Repeated(workspace.TryPay(PaymentStatus.Succeeded));
        Assert.Equal("Of the payment pay_1 it was said otherwise what was paid.", Declined(RefusalCodes.Conflict, workspace.TryPay(PaymentStatus.Disputed, cents: 100)).Detail);
        workspace.Pay(PaymentStatus.Disputed);
        Assert.Equal(new Money(2_900, "USD"), workspace.PaymentOf("pay_1").Paid);
    }

    /// <summary>What a credit of the newest plan grant costs.</summary>
    private static string? Cost(LiveWorkspace workspace) =>
        workspace.Entries.SelectMany(entry => entry.Draws ?? []).Last(draw => draw.Kind == GrantKind.Plan).Basis?.ToString();

    [Fact]
    public void Where_no_subscription_runs_no_payment_is_reported()
    {
        Declined(RefusalCodes.Conflict, Of("bloom").TryPay(PaymentStatus.Failed));
        Declined(RefusalCodes.Conflict, Of("bloom", plan: "plus").Cancel().On("2025-12-01T00:00:00Z").TryPay(PaymentStatus.Succeeded));
    }

    private static LiveWorkspace WithGrace() => Of(
        Catalog.Parse(Request.File("bluma", file => file["grace_days"] = 3)),
        At("2025-11-01T00:00:00Z"),
        new OpenWorkspace(Id, "bluma", "Studio", WorkspaceType.Personal, "starter"));
}
