using Billing.Accounts;
using static Billing.Tests.Accounts.Workspace;

namespace Billing.Tests.Accounts;

public sealed class CancellationTests
{
    [Fact]
    public void A_canceled_subscription_runs_to_the_end_of_its_period_and_does_not_renew()
    {
        var workspace = Of("bluma", plan: "starter").On("2025-11-10T00:00:00Z").Cancel();
        Assert.Equal(100, workspace.Balance);
        workspace.On("2025-11-30T23:59:59Z").Admit(10);
        Assert.Equal(90, workspace.Balance);
        workspace.On("2025-12-01T00:00:00Z");
        Assert.Equal(["purchase 100 → 100", "deduction -10 → 90", "renewal_expiry -90 → 0"], workspace.Lines);
        Assert.True(workspace.Subscription.Ended);
        Assert.Equal(3, workspace.On("2026-12-01T00:00:00Z").Entries.Count);
    }

    [Fact]
    public void After_the_end_top_ups_and_bonus_are_left_and_can_be_spent_but_overage_is_over()
    {
        var workspace = Of("bluma", plan: "starter").Give(5);
        workspace.Buy(20, "pay_1");
        workspace.Cancel().On("2025-12-01T00:00:00Z");
        Assert.Equal((25, 20, 5), (workspace.Balance, workspace.TopUpCredits, workspace.BonusCredits));
        workspace.Admit(25);
        Declined(Refusals.InsufficientCredits, workspace.TryAdmit(1));
        Assert.Equal(0, workspace.Account.Overage.Units);
    }

    [Fact]
    public void Canceling_twice_is_canceling_once()
    {
        var workspace = Of("bluma", plan: "starter").Cancel();
        Repeated(workspace.TryCancel());
        workspace.On("2025-12-01T00:00:00Z");
        Repeated(workspace.TryCancel());
    }

    [Fact]
    public void Where_there_is_no_subscription_none_can_be_canceled() => Declined(Refusals.Conflict, Of("bloom").TryCancel());

    [Theory]
    [InlineData("starter", 100)]
    [InlineData("pro", 500)]
    [InlineData("free", 10)]
    public void Subscribing_again_before_the_end_goes_on_with_the_same_anniversary(string plan, decimal next)
    {
        var workspace = Of("bluma", plan: "starter").On("2025-11-10T00:00:00Z").Cancel().Subscribe(plan);
        Assert.False(workspace.Subscription.Canceled);
        Assert.Single(workspace.Entries);
        Assert.Equal(next, workspace.On("2025-12-01T00:00:00Z").Balance);
    }

    [Fact]
    public void Subscribing_again_after_the_end_starts_anew_with_a_new_anniversary()
    {
        var workspace = Of("bluma", plan: "starter").Cancel().On("2026-01-17T10:00:00Z").Subscribe("starter");
        Assert.Equal(["purchase 100 → 100", "renewal_expiry -100 → 0", "purchase 100 → 100"], workspace.Lines);
        Assert.Equal(At("2026-02-17T10:00:00Z"), workspace.Subscription.PeriodEndsAt);
        Assert.False(workspace.Subscription.Ended || workspace.Subscription.Canceled);
        Assert.Equal(["renewal_expiry -100 → 0", "purchase 100 → 100"], workspace.On("2026-02-17T10:00:00Z").Lines.TakeLast(2));
    }

    [Fact]
    public void Canceling_drops_a_change_that_was_to_come()
    {
        var workspace = Of("bluma", plan: "pro").Subscribe("starter").Cancel();
        Assert.Null(workspace.Subscription.Next);
        Assert.Equal(0, workspace.On("2025-12-01T00:00:00Z").Balance);
        Assert.True(workspace.Subscription.Ended);
    }

    [Fact]
    public void A_canceled_free_plan_gives_way_to_a_paid_one_at_once()
    {
        var workspace = Of("bluma").Cancel().On("2025-11-10T00:00:00Z").Subscribe("starter");
        Assert.Equal(["renewal_expiry -10 → 0", "purchase 100 → 100"], workspace.Lines.TakeLast(2));
        Assert.False(workspace.Subscription.Canceled);
    }

    [Fact]
    public void A_subscription_canceled_while_paused_ends_with_its_period_and_lets_go_of_the_rest()
    {
        var workspace = Of("bluma", plan: "starter").Pay(PaymentStatus.Failed);
        workspace.Buy(20, "pay_1");
        workspace.Cancel();
        Declined(Refusals.PaymentRequired, workspace.TryAdmit(1));
        workspace.On("2025-12-01T00:00:00Z").Admit(20);
        Assert.True(workspace.Subscription is { Ended: true, Paused: false });
    }

    [Fact]
    public void A_subscription_that_was_paused_past_its_period_ends_when_it_is_canceled()
    {
        var workspace = Of("bluma", plan: "starter").Pay(PaymentStatus.Failed).On("2026-02-05T00:00:00Z").Cancel().Touch();
        Assert.True(workspace.Subscription.Ended);
        Assert.Equal(["purchase 100 → 100", "renewal_expiry -100 → 0"], workspace.Lines);
    }
}
