using Billing.Catalogs;
using Billing.Subscriptions;
using Billing.Workspaces;
using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.Workspaces;

/// <summary>Bloom's upgrades: its 402 offers one as the cure, so it cures at once.</summary>
public sealed class UpgradeTests
{
    [Fact]
    public void What_the_larger_plan_has_more_is_granted_at_once_until_the_periods_end()
    {
        var workspace = Of("bloom", plan: "plus");
        workspace.Admit(60);
        Declined(RefusalCodes.InsufficientCredits, workspace.TryAdmit(50));
        workspace.On("2025-11-15T00:00:00Z").Subscribe("pro");
        Assert.Equal("purchase 50 → 50", workspace.Lines.Last());
        Assert.Equal(("Upgrade: Pro plan", At("2025-11-15T00:00:00Z")), (workspace.LastEntry.Description, workspace.LastEntry.CreatedAt));
        Assert.Equal((GrantKind.Plan, At("2025-12-01T00:00:00Z")), (workspace.Account.Grants.All.Single().Kind, workspace.Account.Grants.NextExpiryAt));
        Assert.Equal((Amount(100), null), (workspace.Subscription.Allowance, workspace.Subscription.Next));
        workspace.Admit(30);
        Assert.Equal(["renewal_expiry -20 → 0", "purchase 100 → 100"], workspace.On("2025-12-01T00:00:00Z").Lines.TakeLast(2));
    }

    [Fact]
    public void Twice_in_one_period_each_grants_what_it_has_more()
    {
        var workspace = Of("bloom", plan: "plus").Subscribe("pro").Subscribe("max");
        Assert.Equal(["grant 10 → 10", "purchase 50 → 60", "purchase 50 → 110", "purchase 100 → 210"], workspace.Lines);
        Assert.Equal(["renewal_expiry -50 → 160", "renewal_expiry -50 → 110", "renewal_expiry -100 → 10", "purchase 200 → 210"], workspace.On("2025-12-01T00:00:00Z").Lines.TakeLast(4));
    }

    [Fact]
    public void However_often_plans_are_changed_the_difference_comes_once_per_period()
    {
        var workspace = Of("bloom", plan: "plus").Subscribe("max").Subscribe("plus").Subscribe("max").Subscribe("pro").Subscribe("max");
        Assert.Equal((200, 3), (workspace.PlanCredits, workspace.Entries.Count));
        Repeated(workspace.TrySubscribe("max"));
        workspace.Subscribe("plus").On("2025-12-01T00:00:00Z");
        Assert.Equal(50, workspace.PlanCredits);
        Assert.Equal(200, workspace.Subscribe("max").PlanCredits);
    }

    [Fact]
    public void A_downgrade_takes_nothing_and_grants_nothing()
    {
        var workspace = Of("bloom", plan: "max").Subscribe("plus");
        Assert.Equal((200, 2, "plus"), (workspace.PlanCredits, workspace.Entries.Count, workspace.Subscription.Next!.Plan));
        workspace.Subscribe("pro").Subscribe("max");
        Assert.Equal((200, 2, null), (workspace.PlanCredits, workspace.Entries.Count, workspace.Subscription.Next));
    }

    [Fact]
    public void A_larger_choice_within_the_plan_is_an_upgrade()
    {
        var workspace = Of("bloom", plan: "scale", credits: 300).Subscribe("scale", 800);
        Assert.Equal("purchase 500 → 810", workspace.Lines.Last());
        Assert.Equal("purchase 1200 → 2010", workspace.Subscribe("scale", 2000).Lines.Last());
        Assert.Equal(2010, workspace.Subscribe("scale", 800).Balance);
        Assert.Equal(810, workspace.On("2025-12-01T00:00:00Z").Balance);
    }

    [Fact]
    public void Who_canceled_and_upgrades_goes_on()
    {
        var workspace = Of("bloom", plan: "plus").Cancel().Subscribe("pro");
        Assert.Equal((100, false), (workspace.PlanCredits, workspace.Subscription.Canceled));
        Assert.Equal(110, workspace.On("2025-12-01T00:00:00Z").Balance);
        Assert.Equal(210, workspace.Cancel().Subscribe("max").Cancel().Subscribe("max").Balance);
    }

    [Fact]
    public void While_paused_it_is_granted_and_waits_for_the_payment_with_the_rest()
    {
        var workspace = Of("bloom", plan: "plus").Pay(PaymentStatus.Failed).Subscribe("pro");
        Assert.Equal((110, true), (workspace.Balance, workspace.Subscription.Paused));
        Declined(RefusalCodes.PaymentRequired, workspace.TryAdmit(1));
        workspace.Pay(PaymentStatus.Succeeded).Admit(110);
    }

    [Theory]
    [InlineData("2025-12-01T00:00:00Z")]
    [InlineData("2025-12-10T00:00:00Z")]
    public void When_the_period_is_over_already_it_comes_with_the_renewal(string changedAt)
    {
        var workspace = Of("bloom", plan: "plus").Pay(PaymentStatus.Failed).On(changedAt).Subscribe("max");
        Assert.Equal(["grant 10 → 10", "purchase 50 → 60", "renewal_expiry -50 → 10"], workspace.Lines);
        workspace.On("2025-12-12T00:00:00Z").Pay(PaymentStatus.Succeeded);
        Assert.Equal("purchase 200 → 210", workspace.Lines.Last());
        Assert.Equal((4, At("2026-01-01T00:00:00Z")), (workspace.Entries.Count, workspace.Subscription.PeriodEndsAt));
        Repeated(workspace.TrySubscribe("max"));
    }

    [Fact]
    public void At_the_very_anniversary_it_belongs_to_the_new_period()
    {
        var workspace = Of("bloom", plan: "plus");
        workspace.Now = At("2025-12-01T00:00:00Z");
        workspace.Subscribe("pro");
        Assert.Equal(["renewal_expiry -50 → 10", "purchase 50 → 60", "purchase 50 → 110"], workspace.Lines.TakeLast(3));
        Assert.Equal(110, workspace.On("2025-12-31T23:59:59Z").Balance);
    }

    [Fact]
    public void A_debt_is_repaid_from_it_first()
    {
        var workspace = Of("bloom", plan: "plus");
        var topUp = workspace.Buy(20, "pay_1");
        workspace.Admit(80);
        workspace.Reverse(topUp.Id);
        Assert.Equal((30, Credits.Zero), (workspace.Subscribe("pro").Balance, workspace.Account.Debt));
    }

    [Fact]
    public void What_was_drawn_from_it_goes_back_to_it()
    {
        var workspace = Of("bloom", plan: "plus").Subscribe("pro");
        workspace.FailAndRefund(workspace.Admit(70));
        Assert.Equal((100, 10, 3), (workspace.PlanCredits, workspace.BonusCredits, workspace.Account.Grants.Count));
    }

    [Fact]
    public void Where_no_further_grant_has_room_it_is_refused_and_nothing_changes()
    {
        var (unit, catalog) = Full("pro");
        var before = unit.Workspace.Subscription;
        Assert.Contains("2000 grants", Declined(RefusalCodes.Conflict, SubscriptionDecisions.Subscribe(unit, catalog, new Subscribe("max", null, null))).Detail, StringComparison.Ordinal);
        Assert.Equal(before, unit.Workspace.Subscription);
        Assert.Empty(unit.Written);
    }

    [Fact]
    public void What_grants_nothing_needs_no_room()
    {
        var (unit, catalog) = Full("pro");
        Assert.Equal("plus", Accepted(SubscriptionDecisions.Subscribe(unit, catalog, new Subscribe("plus", null, null))).Next!.Plan);
    }

    [Fact]
    public void A_product_that_does_not_upgrade_now_grants_nothing_before_the_renewal()
    {
        var workspace = Of("bluma", plan: "starter").Subscribe("pro");
        Assert.Equal((100, Amount(100), "pro"), (workspace.Balance, workspace.Subscription.Allowance, workspace.Subscription.Next!.Plan));
    }

    private static (UnitOfWork Unit, Catalog Catalog) Full(string plan)
    {
        var workspace = Of("bloom", plan: plan);
        var full = BurnDown.Of(Enumerable.Range(1, BurnDown.MaxGrants).Select(number => new Grant(number, GrantKind.Bonus, Credits.Of(1), null)));
        return (new UnitOfWork(workspace.Account with { Grants = full }, workspace.Now), workspace.Catalog);
    }
}
