using Billing.Subscriptions;
using Billing.Workspaces;
using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.Generations;

public sealed class RefundedGrantTests
{
    [Fact]
    public void Credits_return_to_the_grants_they_came_from()
    {
        var workspace = Of("bluma", plan: "starter").Give(10, "2025-12-15T00:00:00Z");
        workspace.Buy(20, "pay_1");
        var id = workspace.Admit(125);
        Assert.Equal((0, 0, 5), (workspace.PlanCredits, workspace.BonusCredits, workspace.TopUpCredits));
        workspace.FailAndRefund(id);
        Assert.Equal((100, 10, 20), (workspace.PlanCredits, workspace.BonusCredits, workspace.TopUpCredits));
        Assert.Equal(["3 15", "2 10", "1 100"], workspace.LastEntry.Draws!.Value.Select(draw => $"{draw.GrantId} {draw.Amount}"));
        Assert.Equal(30, workspace.On("2025-12-01T00:00:00Z").Balance - 100);
    }

    [Fact]
    public void A_partial_refund_undoes_what_was_drawn_last()
    {
        var workspace = Of("bluma", plan: "starter");
        workspace.Buy(20, "pay_1");
        workspace.Complete(workspace.Admit(120, units: 4), 3);
        workspace.CarryOutRefunds();
        Assert.Equal((10, 20), (workspace.PlanCredits, workspace.TopUpCredits));
    }

    [Fact]
    public void Two_partial_refunds_undo_the_draws_one_after_the_other()
    {
        var workspace = Of("bluma", plan: "starter");
        workspace.Buy(20, "pay_1");
        var id = workspace.Admit(120, units: 12);
        workspace.Complete(id, 11);
        workspace.CarryOutRefunds();
        Assert.Equal((0, 10), (workspace.PlanCredits, workspace.TopUpCredits));
        Assert.Equal(["2 10"], workspace.LastEntry.Draws!.Value.Select(draw => $"{draw.GrantId} {draw.Amount}"));
        workspace.Review(workspace.RequestRefund(id), approve: true);
        workspace.CarryOutRefunds();
        Assert.Equal((100, 20), (workspace.PlanCredits, workspace.TopUpCredits));
    }

    [Fact]
    public void Where_the_allowance_has_ended_they_become_a_bonus_that_ends_with_the_current_period()
    {
        var workspace = Of("bluma", plan: "starter").On("2025-11-30T23:30:00Z");
        var id = workspace.Admit(30);
        workspace.On("2025-12-01T00:10:00Z").FailAndRefund(id);
        Assert.Equal((100, 30), (workspace.PlanCredits, workspace.BonusCredits));
        Assert.Equal(new Grant(workspace.LastEntry.Sequence, GrantKind.Bonus, Amount(30), At("2026-01-01T00:00:00Z")), workspace.Account.Grants.All.Single(grant => grant.Kind == GrantKind.Bonus));
        Assert.Equal((100, 0), (workspace.On("2026-01-01T00:00:00Z").PlanCredits, workspace.BonusCredits));
        Assert.Equal(["renewal_expiry -100 → 30", "renewal_expiry -30 → 0", "purchase 100 → 100"], workspace.Lines.TakeLast(3));
    }

    [Fact]
    public void Only_the_part_whose_grant_has_ended_becomes_a_bonus()
    {
        var workspace = Of("bluma", plan: "starter").On("2025-11-30T23:30:00Z");
        workspace.Buy(20, "pay_1");
        var id = workspace.Admit(115);
        workspace.On("2025-12-01T00:10:00Z").FailAndRefund(id);
        Assert.Equal((100, 100, 20), (workspace.PlanCredits, workspace.BonusCredits, workspace.TopUpCredits));
    }

    [Fact]
    public void A_free_allowance_drawn_before_an_upgrade_gets_back_what_it_gave()
    {
        var workspace = Of("bluma");
        var id = workspace.Admit(4);
        workspace.On("2025-11-01T00:20:00Z").Subscribe("starter").FailAndRefund(id);
        Assert.Equal((110, 0, 2), (workspace.PlanCredits, workspace.BonusCredits, workspace.Account.Grants.Count));
        Assert.Equal(At("2025-12-01T00:00:00Z"), workspace.Account.Grants.NextExpiryAt);
        Assert.Equal(100, workspace.On("2025-12-01T00:00:00Z").Balance);
    }

    [Fact]
    public void An_allowance_outlives_a_change_between_paid_plans()
    {
        var workspace = Of("bluma", plan: "starter");
        var id = workspace.Admit(4);
        workspace.Subscribe("pro").FailAndRefund(id);
        Assert.Equal((100, 0), (workspace.PlanCredits, workspace.BonusCredits));
    }

    [Fact]
    public void A_bonus_that_has_ended_comes_back_until_the_period_ends()
    {
        var workspace = Of("bluma", plan: "starter").Give(5, "2025-11-10T00:00:00Z").On("2025-11-09T23:50:00Z");
        var id = workspace.Admit(5);
        workspace.On("2025-11-10T00:00:00Z").FailAndRefund(id);
        Assert.Equal((100, 5), (workspace.PlanCredits, workspace.BonusCredits));
        Assert.Equal(100, workspace.On("2025-12-01T00:00:00Z").Balance);
    }

    [Fact]
    public void A_bonus_that_was_a_refund_can_be_spent_and_refunded_again()
    {
        var workspace = Of("bluma", plan: "starter").On("2025-11-30T23:30:00Z");
        var first = workspace.Admit(100);
        workspace.On("2025-12-01T00:00:00Z").FailAndRefund(first);
        var second = workspace.Admit(150);
        Assert.Equal(50, workspace.BonusCredits);
        workspace.FailAndRefund(second);
        Assert.Equal((100, 100), (workspace.PlanCredits, workspace.BonusCredits));
        Assert.Equal(2, workspace.Account.Grants.Count);
    }

    [Fact]
    public void After_the_subscription_has_ended_they_come_back_for_the_current_month_of_the_account()
    {
        var workspace = Of("bloom", "2025-10-20T00:00:00Z").On("2025-11-01T00:00:00Z").Subscribe("plus").Cancel().On("2025-11-30T23:30:00Z");
        var id = workspace.Admit(7);
        workspace.On("2025-12-01T00:10:00Z").FailAndRefund(id);
        Assert.Equal((0, 17), (workspace.PlanCredits, workspace.BonusCredits));
        Assert.Equal(At("2025-12-20T00:00:00Z"), workspace.Account.Grants.NextExpiryAt);
    }

    [Fact]
    public void After_the_fall_to_the_default_plan_they_come_back_for_its_period()
    {
        var workspace = Of("bluma", "2025-10-20T00:00:00Z").On("2025-11-01T00:00:00Z").Subscribe("starter").Cancel().On("2025-11-30T23:30:00Z");
        var id = workspace.Admit(7);
        workspace.On("2025-12-01T00:10:00Z").FailAndRefund(id);
        Assert.Equal((10, 7), (workspace.PlanCredits, workspace.BonusCredits));
        Assert.All(workspace.Account.Grants.All, grant => Assert.Equal(At("2026-01-01T00:00:00Z"), grant.ExpiresAt));
    }

    [Fact]
    public void Sign_up_credits_come_back_as_what_they_were()
    {
        var workspace = Of("bloom");
        workspace.FailAndRefund(workspace.Admit(10));
        Assert.Null(workspace.Account.Grants.All.Single().ExpiresAt);
        Assert.Equal(10, workspace.On("2030-01-01T00:00:00Z").Balance);
    }

    [Fact]
    public void While_paused_past_a_renewal_they_come_back_for_the_period_of_now()
    {
        var workspace = Of("bluma", plan: "starter").On("2025-11-30T23:30:00Z");
        var id = workspace.Admit(7);
        workspace.Pay(PaymentStatus.Failed).On("2025-12-01T00:10:00Z").FailAndRefund(id);
        Assert.Equal((0, 7), (workspace.PlanCredits, workspace.BonusCredits));
        Assert.Equal(At("2026-01-01T00:00:00Z"), workspace.Account.Grants.NextExpiryAt);
        Assert.Equal(107, workspace.Pay(PaymentStatus.Succeeded).Balance);
    }
}
