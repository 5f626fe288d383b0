using Billing.Accounts;
using Billing.Webhooks;
using static Billing.Tests.Accounts.Workspace;

namespace Billing.Tests.Accounts;

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
            var refusal = Declined(Refusals.PaymentRequired, workspace.TryAdmit(cost));
            Assert.Equal(workspace.Catalog.ActionUrl, refusal.ActionUrl);
        }

        Declined(Refusals.PaymentRequired, workspace.TryBatch(allOrNothing: true, 1, 2));
        var batch = Accepted(workspace.TryBatch(allOrNothing: false, 1, 2));
        Assert.All(batch.Items, item => Assert.Equal(Refusals.PaymentRequired, item.Refusal!.Code));
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
        Declined(Refusals.PaymentRequired, workspace.TryAdmit(1));
        workspace.On("2025-12-02T00:00:00Z").Pay(PaymentStatus.Succeeded);
        Assert.Equal(500, workspace.Balance);
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
        Declined(Refusals.Conflict, Of("bloom").TryPay(PaymentStatus.Failed));
        Declined(Refusals.Conflict, Of("bluma", plan: "starter").Cancel().On("2025-12-01T00:00:00Z").TryPay(PaymentStatus.Succeeded));
    }
}
