using Billing.Events;
using Billing.Subscriptions;
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
    public void A_free_plan_renews_whatever_payment_was_reported()
    {
        var workspace = Of("bluma").Pay(PaymentStatus.Failed).On("2025-12-01T00:00:00Z");
        Assert.Equal((10, false), (workspace.Balance, workspace.Subscription.Paused));
    }

    [Fact]
    public void The_same_news_twice_is_news_once()
    {
        var workspace = Of("bluma", plan: "starter").Hear(EventTypes.SubscriptionPaused, EventTypes.SubscriptionResumed, EventTypes.CreditsRenewed);
        Repeated(workspace.TryPay(PaymentStatus.Succeeded));
        workspace.Pay(PaymentStatus.Pending);
        Repeated(workspace.TryPay(PaymentStatus.Pending));
        Repeated(workspace.TryPay(PaymentStatus.Failed));
        workspace.On("2025-12-01T00:00:00Z").Pay(PaymentStatus.Succeeded);
        Repeated(workspace.TryPay(PaymentStatus.Succeeded));
        Assert.Equal(
            [EventTypes.SubscriptionPaused, EventTypes.SubscriptionResumed, EventTypes.CreditsRenewed],
            workspace.Events.Select(told => told.Type));
        Assert.Equal("pay_1", workspace.Events[0].Data["reference"].Text);
        Assert.Equal(100, workspace.Balance);
    }

    [Fact]
    public void Where_no_subscription_runs_no_payment_is_reported()
    {
        Declined(RefusalCodes.Conflict, Of("bloom").TryPay(PaymentStatus.Failed));
        Declined(RefusalCodes.Conflict, Of("bloom", plan: "plus").Cancel().On("2025-12-01T00:00:00Z").TryPay(PaymentStatus.Succeeded));
    }
}
