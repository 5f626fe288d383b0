using Billing.Subscriptions;
using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.Workspaces;

public sealed class UsageTests
{
    [Fact]
    public void Spending_counts_credits_and_generations_of_the_period()
    {
        // Bluma's sample: 12 spent by 5 videos, 88 left of 100, 2.4 a video.
        var workspace = Of("bluma", plan: "starter");
        foreach (var cost in new decimal[] { 2, 2, 2, 3, 3 })
        {
            workspace.Admit(cost);
        }

        Assert.Equal((Amount(12), 5), (workspace.Usage.Spent, workspace.Usage.Generations));
        Assert.Equal(88, workspace.Balance);
    }

    [Fact]
    public void A_batch_counts_each_of_its_generations()
    {
        var workspace = Of("bluma", plan: "starter");
        Accepted(workspace.TryBatch(allOrNothing: true, 1, 2, 3));
        Assert.Equal((Amount(6), 3), (workspace.Usage.Spent, workspace.Usage.Generations));
    }

    [Fact]
    public void A_refund_takes_off_what_was_spent_and_a_full_one_the_generation_too()
    {
        var workspace = Of("bloom", plan: "pro");
        workspace.Admit(1);
        workspace.Complete(workspace.Admit(6, units: 3), 2);
        workspace.Fail(workspace.Admit(10), "server_error");
        Assert.Equal((Amount(17), 3), (workspace.Usage.Spent, workspace.Usage.Generations));
        workspace.CarryOutRefunds();
        Assert.Equal((Amount(5), 2), (workspace.Usage.Spent, workspace.Usage.Generations));
    }

    [Fact]
    public void A_generation_refunded_in_two_parts_is_taken_off_once()
    {
        var workspace = Of("bloom", plan: "pro");
        var id = workspace.Admit(6, units: 3);
        workspace.Complete(id, 1);
        workspace.CarryOutRefunds();
        Assert.Equal((Amount(2), 1), (workspace.Usage.Spent, workspace.Usage.Generations));
        workspace.Review(workspace.RequestRefund(id), approve: true);
        workspace.CarryOutRefunds();
        Assert.Equal((Amount(0), 0), (workspace.Usage.Spent, workspace.Usage.Generations));
    }

    [Fact]
    public void A_new_period_starts_at_nothing()
    {
        var workspace = Of("bluma", plan: "starter");
        workspace.Admit(30);
        workspace.Now = At("2025-12-01T00:00:00Z");
        Assert.Equal((Amount(0), 0), (workspace.Usage.Spent, workspace.Usage.Generations));
        workspace.Admit(4);
        Assert.Equal((Amount(4), 1), (workspace.Usage.Spent, workspace.Usage.Generations));
    }

    [Fact]
    public void A_refund_of_an_earlier_period_leaves_the_current_one_alone()
    {
        var workspace = Of("bluma", plan: "starter").On("2025-11-30T23:30:00Z");
        var late = workspace.Admit(30);
        workspace.On("2025-12-01T00:10:00Z").Admit(4);
        workspace.FailAndRefund(late);
        Assert.Equal((Amount(4), 1), (workspace.Usage.Spent, workspace.Usage.Generations));
        Assert.Equal(126, workspace.Balance);
    }

    [Fact]
    public void Neither_tests_nor_expired_credits_nor_reversals_are_spent()
    {
        var workspace = Of("bluma", plan: "starter").Give(5, "2025-11-02T00:00:00Z");
        var topUp = workspace.Buy(20, "pay_1");
        Accepted(workspace.TryAdmit(50, testMode: true));
        workspace.Reverse(topUp.Id);
        workspace.On("2025-11-03T00:00:00Z");
        Assert.Equal((Amount(0), 0), (workspace.Usage.Spent, workspace.Usage.Generations));
    }

    [Fact]
    public void Of_a_generation_on_overage_its_credits_are_spent_and_its_unit_is_not()
    {
        var workspace = Of("bluma", plan: "starter");
        workspace.Admit(1000);
        workspace.Admit(1000);
        Assert.Equal((Amount(100), 1, 2L), (workspace.Usage.Spent, workspace.Usage.Generations, workspace.Account.Overage.Units));
    }

    [Fact]
    public void Without_a_plan_the_period_is_a_month_since_the_account_was_created()
    {
        var workspace = Of("bloom", "2025-01-31T10:00:00Z");
        workspace.Admit(3);
        workspace.Now = At("2025-02-28T09:59:59Z");
        Assert.Equal(Amount(3), workspace.Usage.Spent);
        workspace.Now = At("2025-02-28T10:00:00Z");
        Assert.Equal(Amount(0), workspace.Usage.Spent);
        Assert.Equal(At("2025-03-31T10:00:00Z"), workspace.Account.PeriodAt(workspace.Now).EndsAt);
    }

    [Fact]
    public void A_new_subscription_begins_a_new_count()
    {
        var workspace = Of("bluma");
        workspace.Admit(4);
        workspace.On("2025-11-10T00:00:00Z").Subscribe("starter");
        Assert.Equal(Amount(0), workspace.Usage.Spent);
    }

    [Fact]
    public void A_paused_subscription_counts_on_in_its_months()
    {
        var workspace = Of("bluma", plan: "starter");
        workspace.Admit(7);
        workspace.Pay(PaymentStatus.Failed).On("2026-01-15T00:00:00Z");
        Assert.Equal(Amount(0), workspace.Usage.Spent);
        Assert.Equal(At("2026-01-01T00:00:00Z"), workspace.Usage.PeriodStartsAt);
    }

    [Fact]
    public void A_refund_in_a_period_that_is_entered_again_never_counts_below_zero()
    {
        var workspace = Of("bloom", "2025-11-05T00:00:00Z").On("2025-11-10T00:00:00Z");
        var id = workspace.Admit(6);
        workspace.Complete(id);
        workspace.Subscribe("plus", startedAt: "2025-11-01T00:00:00Z").Cancel().On("2025-12-02T00:00:00Z");
        Assert.Equal(At("2025-11-05T00:00:00Z"), workspace.Usage.PeriodStartsAt);
        workspace.Review(workspace.RequestRefund(id), approve: true);
        workspace.CarryOutRefunds();
        Assert.Equal((Amount(0), 0), (workspace.Usage.Spent, workspace.Usage.Generations));
    }
}
