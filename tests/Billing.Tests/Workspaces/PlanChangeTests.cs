using Billing.Catalogs;
using Billing.Generations;
using Billing.Subscriptions;
using Billing.Tests.Catalogs;
using Billing.Workspaces;
using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.Workspaces;

public sealed class PlanChangeTests
{
    [Fact]
    public void From_free_to_paid_a_new_subscription_starts_at_once_and_the_free_allowance_is_kept_until_its_own_end()
    {
        var workspace = Of("bluma");
        workspace.Admit(4);
        workspace.On("2025-11-10T08:30:00Z").Subscribe("starter");
        Assert.Equal(["grant 10 → 10", "deduction -4 → 6", "purchase 100 → 106"], workspace.Lines);
        Assert.Equal("Monthly renewal: Starter plan", workspace.LastEntry.Description);
        Assert.Equal(At("2025-11-10T08:30:00Z"), workspace.Subscription.AnchorAt);
        Assert.Equal(At("2025-12-10T08:30:00Z"), workspace.Subscription.PeriodEndsAt);
        Assert.Equal("starter", PlanOf(workspace));
        Assert.Equal("renewal_expiry -6 → 100", workspace.On("2025-12-01T00:00:00Z").Lines.Last());
        Assert.Equal(["renewal_expiry -100 → 0", "purchase 100 → 100"], workspace.On("2025-12-10T08:30:00Z").Lines.TakeLast(2));
    }

    [Theory]
    [InlineData(null, "1 6", "3 4")]
    [InlineData("2025-08-17T12:34:56Z", "3 10")]
    public void Of_the_free_allowance_and_the_paid_one_that_burns_first_which_ends_first(string? startedAt, params string[] draws)
    {
        var workspace = Of("bluma");
        workspace.Admit(4);
        workspace.On("2025-11-10T08:30:00Z").Subscribe("starter", startedAt: startedAt).Admit(10);
        Assert.Equal(draws, workspace.LastEntry.Draws!.Value.Select(draw => $"{draw.GrantId} {draw.Amount}"));
        Assert.Equal(96, workspace.Balance);
    }

    [Fact]
    public void From_no_plan_to_paid_bonus_and_top_up_credits_stay()
    {
        var workspace = Of("bloom");
        workspace.Buy(20, "pay_1");
        workspace.Subscribe("plus");
        Assert.Equal((80, 50, 20, 10), (workspace.Balance, workspace.PlanCredits, workspace.TopUpCredits, workspace.BonusCredits));
    }

    [Fact]
    public void An_upgrade_keeps_the_credits_left_has_its_limits_at_once_and_its_allowance_from_the_next_renewal()
    {
        var workspace = Of("bluma", plan: "starter");
        workspace.Admit(12);
        workspace.On("2025-11-15T00:00:00Z").Subscribe("pro");
        Assert.Equal(88, workspace.Balance);
        Assert.Equal(("pro", Amount(100)), (PlanOf(workspace), workspace.Subscription.Allowance));
        workspace.On("2025-12-01T00:00:00Z");
        Assert.Equal(["purchase 100 → 100", "deduction -12 → 88", "renewal_expiry -88 → 0", "purchase 500 → 500"], workspace.Lines);
        Assert.Equal("Monthly renewal: Pro plan", workspace.LastEntry.Description);
        Assert.Equal(("pro", Amount(500), null), (PlanOf(workspace), workspace.Subscription.Allowance, workspace.Subscription.Next));
    }

    [Fact]
    public void A_downgrade_keeps_credits_and_limits_until_the_next_renewal()
    {
        var workspace = Of("bluma", plan: "pro").Subscribe("starter");
        Assert.Equal(("pro", 500), (PlanOf(workspace), workspace.Balance));
        workspace.On("2025-11-30T23:59:59Z");
        Assert.Equal(("pro", 500), (PlanOf(workspace), workspace.Balance));
        workspace.On("2025-12-01T00:00:00Z");
        Assert.Equal(("starter", 100), (PlanOf(workspace), workspace.Balance));
        Assert.Equal(100, workspace.On("2026-01-01T00:00:00Z").Balance);
    }

    [Fact]
    public void Down_to_free_in_mid_cycle_works_like_any_downgrade()
    {
        var workspace = Of("bluma", plan: "starter").Subscribe("free");
        workspace.Admit(100);
        workspace.Admit(1);
        Assert.Equal(1, workspace.Account.Overage.Units);
        workspace.On("2025-12-01T00:00:00Z");
        Assert.Equal(("free", 10), (PlanOf(workspace), workspace.Balance));
        Declined(RefusalCodes.InsufficientCredits, workspace.TryAdmit(11));
    }

    [Fact]
    public void Who_came_down_to_free_and_pays_again_starts_a_new_subscription()
    {
        var workspace = Of("bluma", plan: "starter").Subscribe("free").On("2025-12-01T00:00:00Z");
        workspace.On("2025-12-05T06:00:00Z").Subscribe("starter");
        Assert.Equal(["purchase 10 → 10", "purchase 100 → 110"], workspace.Lines.TakeLast(2));
        Assert.Equal(At("2026-01-05T06:00:00Z"), workspace.Subscription.PeriodEndsAt);
    }

    [Fact]
    public void An_upgrade_taken_back_keeps_its_limits_until_the_renewal_and_renews_as_before()
    {
        var workspace = Of("bluma", plan: "starter").Subscribe("pro").Subscribe("starter");
        Assert.Equal("pro", PlanOf(workspace));
        workspace.On("2025-12-01T00:00:00Z");
        Assert.Equal(("starter", 100), (PlanOf(workspace), workspace.Balance));
    }

    [Fact]
    public void A_downgrade_taken_back_changes_nothing()
    {
        var workspace = Of("bluma", plan: "pro").Subscribe("starter").Subscribe("pro");
        Assert.Null(workspace.Subscription.Next);
        Assert.Equal(("pro", 500), (PlanOf(workspace.On("2025-12-01T00:00:00Z")), workspace.Balance));
    }

    [Fact]
    public void A_downgrade_can_be_followed_by_an_upgrade_in_the_same_cycle()
    {
        var workspace = Of("bluma", plan: "pro").Subscribe("starter").Subscribe("enterprise", 4000);
        Assert.Equal(("enterprise", 500), (PlanOf(workspace), workspace.Balance));
        Assert.Equal(4000, workspace.On("2025-12-01T00:00:00Z").Balance);
    }

    [Fact]
    public void A_larger_choice_within_the_plan_can_be_taken_back()
    {
        var workspace = Of("bloom", plan: "scale", credits: 300).Subscribe("scale", 2000).Subscribe("scale", 300);
        Assert.Equal(310, workspace.On("2025-12-01T00:00:00Z").Balance);
        Assert.Equal(Amount(300), workspace.Subscription.Current.Allowance);
    }

    [Fact]
    public void A_smaller_choice_within_the_plan_comes_with_the_renewal()
    {
        var workspace = Of("bluma", plan: "enterprise", credits: 5000).Subscribe("enterprise", 3000);
        Assert.Equal(Amount(5000), workspace.Subscription.Current.Allowance);
        Assert.Equal(3000, workspace.On("2025-12-01T00:00:00Z").Balance);
    }

    [Theory]
    [InlineData("starter")]
    [InlineData("pro")]
    public void The_same_change_twice_is_one_change(string plan)
    {
        var workspace = Of("bluma", plan: "starter");
        workspace.TrySubscribe(plan);
        Repeated(workspace.TrySubscribe(plan));
        Assert.Single(workspace.Entries);
    }

    [Fact]
    public void Concurrency_grows_at_once_and_shrinks_with_the_renewal()
    {
        var workspace = Of("gleam", plan: "pro");
        for (var i = 0; i < 5; i++)
        {
            workspace.Admit(1);
        }

        Declined(RefusalCodes.ConcurrencyLimit, workspace.TryAdmit(1));
        workspace.Subscribe("lifetime");
        for (var i = 0; i < 5; i++)
        {
            workspace.Admit(1);
        }

        Declined(RefusalCodes.ConcurrencyLimit, workspace.TryAdmit(1));
        workspace.Subscribe("pro");
        Declined(RefusalCodes.ConcurrencyLimit, workspace.TryAdmit(1));
        workspace.On("2025-11-30T23:30:00Z");
        for (var i = 0; i < 10; i++)
        {
            workspace.Admit(1);
        }

        workspace.On("2025-12-01T00:00:00Z");
        Assert.Equal(10, workspace.Account.Running);
        Declined(RefusalCodes.ConcurrencyLimit, workspace.TryAdmit(1));
    }

    [Fact]
    public void A_start_in_the_past_sets_the_anniversary_and_grants_the_current_period_only()
    {
        var workspace = Of("bluma").Subscribe("starter", startedAt: "2025-08-17T12:34:56Z");
        Assert.Equal(["grant 10 → 10", "purchase 100 → 110"], workspace.Lines);
        Assert.Null(workspace.LastEntry.Metadata);
        Assert.Equal(At("2025-11-17T12:34:56Z"), workspace.Subscription.PeriodEndsAt);
        workspace.On("2025-11-17T12:34:56Z");
        Assert.Equal(["renewal_expiry -100 → 10", "purchase 100 → 110"], workspace.Lines.TakeLast(2));
        Assert.Null(workspace.LastEntry.Metadata);
    }

    [Theory]
    [InlineData("2025-11-01T00:00:00.001Z")]
    [InlineData("2026-01-01T00:00:00Z")]
    [InlineData("1999-12-31T23:59:59Z")]
    public void A_start_in_the_future_or_before_2000_is_refused(string startedAt)
    {
        var refusal = Declined(RefusalCodes.InvalidRequest, Of("bluma").TrySubscribe("starter", startedAt: startedAt));
        Assert.Contains("started_at", refusal.Errors!.Keys);
    }

    [Theory]
    [InlineData("2000-01-01T00:00:00Z", "2025-12-01T00:00:00Z")]
    [InlineData("2025-11-01T00:00:00Z", "2025-12-01T00:00:00Z")]
    public void A_start_can_be_as_early_as_2000_and_as_late_as_now(string startedAt, string renewsAt)
    {
        var workspace = Of("bluma").Subscribe("starter", startedAt: startedAt);
        Assert.Equal((At(startedAt), At(renewsAt)), (workspace.Subscription.AnchorAt, workspace.Subscription.PeriodEndsAt));
    }

    [Fact]
    public void Another_plan_of_the_same_allowance_comes_with_the_renewal()
    {
        var catalog = Catalog.Parse(Request.File("bluma", file => file["plans"]![2]!["allowance"] = 100));
        var workspace = Of(catalog, At("2025-11-01T00:00:00Z"), new OpenWorkspace(Id, "bluma", "Studio", WorkspaceType.Personal, "starter")).Subscribe("pro");
        Assert.Equal(("starter", "pro"), (PlanOf(workspace), workspace.Subscription.Next!.Plan));
        Assert.Equal("pro", PlanOf(workspace.On("2025-12-01T00:00:00Z")));
    }

    [Fact]
    public void Only_a_new_subscription_can_be_given_a_start()
    {
        var workspace = Of("bluma", plan: "starter");
        Declined(RefusalCodes.InvalidRequest, workspace.TrySubscribe("pro", startedAt: "2025-10-05T00:00:00Z"));
        Accepted(workspace.TrySubscribe("pro", startedAt: "2025-11-01T00:00:00Z"));
    }

    [Theory]
    [InlineData("gold", null, "plan")]
    [InlineData("enterprise", null, "credits")]
    [InlineData("enterprise", 2999.0, "credits")]
    [InlineData("pro", 501.0, "credits")]
    public void A_plan_or_allowance_that_is_not_sold_is_refused(string plan, double? credits, string field)
    {
        var refusal = Declined(RefusalCodes.InvalidRequest, Of("bluma", plan: "starter").TrySubscribe(plan, (decimal?)credits));
        Assert.Contains(field, refusal.Errors!.Keys);
    }

    private static string? PlanOf(LiveWorkspace workspace) => AdmitDecision.PlanOf(workspace.Account, workspace.Catalog)?.Id;
}
