using Billing.Subscriptions;
using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.Workspaces;

/// <summary>Bloom has no default plan: there a subscription ends. In bluma and gleam nobody is ever without one.</summary>
public sealed class CancellationTests
{
    [Fact]
    public void A_canceled_subscription_runs_to_the_end_of_its_period_and_does_not_renew()
    {
        var workspace = Of("bloom", plan: "plus").On("2025-11-10T00:00:00Z").Cancel();
        Assert.Equal(60, workspace.Balance);
        workspace.On("2025-11-30T23:59:59Z").Admit(10);
        Assert.Equal(50, workspace.Balance);
        workspace.On("2025-12-01T00:00:00Z");
        Assert.Equal(["grant 10 → 10", "purchase 50 → 60", "deduction -10 → 50", "renewal_expiry -40 → 10"], workspace.Lines);
        Assert.True(workspace.Subscription.Ended);
        Assert.Equal(4, workspace.On("2026-12-01T00:00:00Z").Entries.Count);
    }

    [Theory]
    [InlineData("bluma", "starter", 100, 10)]
    [InlineData("gleam", "pro", 1000, 100)]
    public void Where_the_product_has_a_default_plan_that_starts_then_on_the_same_anniversary(string product, string plan, decimal allowance, decimal free)
    {
        foreach (var workspace in new[] { Of(product, plan: plan), TeamOf(product, plan) })
        {
            workspace.On("2025-11-10T00:00:00Z").Cancel().On("2025-12-01T00:00:00Z");
            Assert.Equal([$"purchase {allowance} → {allowance}", $"renewal_expiry -{allowance} → 0", $"purchase {free} → {free}"], workspace.Lines);
            Assert.Equal("Monthly renewal: Free plan", workspace.LastEntry.Description);
            Assert.True(workspace.Subscription is { Current: { Plan: "free", Free: true }, Canceled: false, Ended: false, Next: null });
            Assert.Equal((At("2025-11-01T00:00:00Z"), At("2026-01-01T00:00:00Z")), (workspace.Subscription.AnchorAt, workspace.Subscription.PeriodEndsAt));
            Assert.Equal([$"renewal_expiry -{free} → 0", $"purchase {free} → {free}"], workspace.On("2026-01-01T00:00:00Z").Lines.TakeLast(2));
        }
    }

    [Fact]
    public void After_the_end_top_ups_and_bonus_are_left_and_can_be_spent()
    {
        var workspace = Of("bloom", plan: "plus").Give(5);
        workspace.Buy(20, "pay_1");
        workspace.Cancel().On("2025-12-01T00:00:00Z");
        Assert.Equal((35, 20, 15), (workspace.Balance, workspace.TopUpCredits, workspace.BonusCredits));
        workspace.Admit(35);
        Declined(RefusalCodes.InsufficientCredits, workspace.TryAdmit(1));
    }

    [Fact]
    public void After_the_fall_top_ups_and_bonus_are_left_beside_the_free_credits_but_overage_is_over()
    {
        var workspace = Of("bluma", plan: "starter").Give(5);
        workspace.Buy(20, "pay_1");
        workspace.Cancel().On("2025-12-01T00:00:00Z");
        Assert.Equal((10, 20, 5), (workspace.PlanCredits, workspace.TopUpCredits, workspace.BonusCredits));
        Declined(RefusalCodes.InsufficientCredits, workspace.TryAdmit(36));
        workspace.Admit(35);
        Assert.Equal((0, 0L), (workspace.Balance, workspace.Account.Overage.Units));
    }

    [Fact]
    public void Until_the_end_overage_goes_on()
    {
        var workspace = Of("bluma", plan: "starter").Cancel();
        workspace.Make(101);
        Assert.Equal((0, 1L), (workspace.Balance, workspace.Account.Overage.Units));
        Assert.Equal((10, 50L), (workspace.On("2025-12-01T00:00:00Z").Balance, workspace.Invoices.Single().Total.AmountMinor));
    }

    [Fact]
    public void How_a_subscription_stands_is_one_word()
    {
        var workspace = Of("bloom", plan: "plus");
        Assert.Equal("active", workspace.Subscription.Status);
        Assert.Equal("paused", workspace.Pay(PaymentStatus.Failed).Subscription.Status);
        Assert.Equal("paused", workspace.Cancel().Subscription.Status);
        Assert.Equal("canceled", workspace.Pay(PaymentStatus.Succeeded).Subscription.Status);
        Assert.Equal("canceled", workspace.On("2025-12-01T00:00:00Z").Subscription.Status);
        Assert.Equal("active", workspace.Subscribe("plus").Subscription.Status);
    }

    [Fact]
    public void Canceling_twice_is_canceling_once()
    {
        var workspace = Of("bloom", plan: "plus").Cancel();
        Repeated(workspace.TryCancel());
        workspace.On("2025-12-01T00:00:00Z");
        Repeated(workspace.TryCancel());
    }

    [Fact]
    public void Where_there_is_no_subscription_none_can_be_canceled() => Declined(RefusalCodes.Conflict, Of("bloom").TryCancel());

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
        var workspace = Of("bloom", plan: "plus").Cancel().On("2026-01-17T10:00:00Z").Subscribe("plus");
        Assert.Equal(["grant 10 → 10", "purchase 50 → 60", "renewal_expiry -50 → 10", "purchase 50 → 60"], workspace.Lines);
        Assert.Equal(At("2026-02-17T10:00:00Z"), workspace.Subscription.PeriodEndsAt);
        Assert.False(workspace.Subscription.Ended || workspace.Subscription.Canceled);
        Assert.Equal(["renewal_expiry -50 → 10", "purchase 50 → 60"], workspace.On("2026-02-17T10:00:00Z").Lines.TakeLast(2));
    }

    [Fact]
    public void Subscribing_again_after_the_fall_starts_anew_and_keeps_the_free_credits()
    {
        var workspace = Of("bluma", plan: "starter").Cancel().On("2025-12-17T10:00:00Z").Subscribe("starter");
        Assert.Equal(["purchase 100 → 100", "renewal_expiry -100 → 0", "purchase 10 → 10", "purchase 100 → 110"], workspace.Lines);
        Assert.Equal(At("2026-01-17T10:00:00Z"), workspace.Subscription.PeriodEndsAt);
        Assert.Equal("renewal_expiry -10 → 100", workspace.On("2026-01-01T00:00:00Z").Lines.Last());
    }

    [Fact]
    public void Canceling_drops_a_change_that_was_to_come()
    {
        var workspace = Of("bluma", plan: "pro").Subscribe("starter").Cancel();
        Assert.Null(workspace.Subscription.Next);
        Assert.Equal((10, "free"), (workspace.On("2025-12-01T00:00:00Z").Balance, workspace.Subscription.Current.Plan));
        var ended = Of("bloom", plan: "max").Subscribe("plus").Cancel().On("2025-12-01T00:00:00Z");
        Assert.Equal((10, true), (ended.Balance, ended.Subscription.Ended));
    }

    [Fact]
    public void A_canceled_free_plan_gives_way_to_a_paid_one_at_once()
    {
        var workspace = Of("bluma").Cancel().On("2025-11-10T00:00:00Z").Subscribe("starter");
        Assert.Equal(["grant 10 → 10", "purchase 100 → 110"], workspace.Lines);
        Assert.False(workspace.Subscription.Canceled);
    }

    [Fact]
    public void A_default_plan_that_is_canceled_comes_again()
    {
        var workspace = Of("bluma").Cancel().On("2025-12-01T00:00:00Z");
        Assert.Equal(["grant 10 → 10", "renewal_expiry -10 → 0", "purchase 10 → 10"], workspace.Lines);
        Assert.True(workspace.Subscription is { Canceled: false, Ended: false });
    }

    [Fact]
    public void A_subscription_canceled_while_paused_ends_with_its_period_and_lets_go_of_the_rest()
    {
        var workspace = Of("bloom", plan: "plus").Pay(PaymentStatus.Failed);
        workspace.Buy(20, "pay_1");
        workspace.Cancel();
        Declined(RefusalCodes.PaymentRequired, workspace.TryAdmit(1));
        workspace.On("2025-12-01T00:00:00Z").Admit(30);
        Assert.True(workspace.Subscription is { Ended: true, Paused: false });
    }

    [Fact]
    public void A_subscription_canceled_while_paused_falls_to_the_default_plan_unpaused()
    {
        var workspace = Of("bluma", plan: "starter").Pay(PaymentStatus.Failed);
        workspace.Buy(20, "pay_1");
        workspace.Cancel();
        Declined(RefusalCodes.PaymentRequired, workspace.TryAdmit(1));
        workspace.On("2025-12-01T00:00:00Z").Admit(30);
        Assert.True(workspace.Subscription is { Current.Plan: "free", Ended: false, Canceled: false, Paused: false });
        Assert.False(Accepted(workspace.TryPay(PaymentStatus.Succeeded)).Applied);
    }

    [Fact]
    public void A_subscription_that_was_paused_past_its_period_ends_when_it_is_canceled()
    {
        var workspace = Of("bloom", plan: "plus").Pay(PaymentStatus.Failed).On("2026-02-05T00:00:00Z").Cancel();
        Assert.True(workspace.Subscription is { Ended: true, Paused: false });
        Assert.Equal(["grant 10 → 10", "purchase 50 → 60", "renewal_expiry -50 → 10"], workspace.CatchUp().Lines);
    }

    [Fact]
    public void A_subscription_that_was_paused_past_its_period_falls_when_it_is_canceled_to_the_current_period()
    {
        var workspace = Of("bluma", plan: "starter").Pay(PaymentStatus.Failed).On("2026-01-20T00:00:00Z").Give(5).On("2026-02-05T00:00:00Z").Cancel();
        Assert.Equal(["purchase 100 → 100", "renewal_expiry -100 → 0", "grant 5 → 5", "purchase 10 → 15"], workspace.Lines);
        Assert.Equal((At("2026-02-05T00:00:00Z"), 2m), (workspace.LastEntry.CreatedAt, workspace.LastEntry.Metadata!["missed_periods"].Number));
        Assert.True(workspace.Subscription is { Current.Plan: "free", Ended: false, Canceled: false, Paused: false });
        Assert.Equal(At("2026-03-01T00:00:00Z"), workspace.Subscription.PeriodEndsAt);
        workspace.Admit(15);
    }
}
