using Billing.TopUps;
using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.Workspaces;

public sealed class ReversalTests
{
    [Fact]
    public void A_reversed_top_up_that_is_unspent_is_taken_back_whole()
    {
        var workspace = Of("bloom");
        var reversed = workspace.Reverse(workspace.Buy(20, "pay_1").Id);
        Assert.Equal((Amount(20), Amount(0)), (reversed.Reversal!.Taken, reversed.Reversal.Debt));
        Assert.Equal(["grant 10 → 10", "purchase 20 → 30", "adjustment -20 → 10"], workspace.Lines);
        Assert.Equal(Amount(0), workspace.Account.Debt);
    }

    [Fact]
    public void What_was_spent_of_it_is_a_debt_that_the_next_credits_repay_first()
    {
        var workspace = Of("bluma");
        var topUp = workspace.Buy(20, "pay_1");
        workspace.Admit(16);
        var reversed = workspace.Reverse(topUp.Id);
        Assert.Equal((Amount(14), Amount(6)), (reversed.Reversal!.Taken, reversed.Reversal.Debt));
        Assert.Equal(6, workspace.LastEntry.Metadata!["debt"].Number);
        Assert.Equal((0, Amount(6)), (workspace.Balance, workspace.Account.Debt));
        workspace.Give(4);
        Assert.Equal(["grant 4 → 4", "adjustment -4 → 0"], workspace.Lines.TakeLast(2));
        workspace.Subscribe("starter");
        Assert.Equal(["purchase 100 → 100", "adjustment -2 → 98"], workspace.Lines.TakeLast(2));
        Assert.Equal("Debt of a reversed top-up repaid", workspace.LastEntry.Description);
        workspace.Buy(20, "pay_2");
        Assert.Equal((118, Amount(0)), (workspace.Balance, workspace.Account.Debt));
    }

    [Fact]
    public void Other_credits_are_not_taken_for_a_spent_top_up()
    {
        var workspace = Of("bluma", plan: "starter");
        var topUp = workspace.Buy(20, "pay_1");
        workspace.Admit(115);
        workspace.Give(30);
        workspace.Reverse(topUp.Id);
        Assert.Equal((30, 30, Amount(15)), (workspace.Balance, workspace.BonusCredits, workspace.Account.Debt));
    }

    [Fact]
    public void A_reversal_twice_is_a_reversal_once()
    {
        var workspace = Of("bluma");
        var topUp = workspace.Buy(20, "pay_1");
        workspace.Admit(12);
        workspace.Reverse(topUp.Id);
        Repeated(workspace.TryReverse(topUp.Id));
        Assert.Equal(Amount(2), workspace.Account.Debt);
        Repeated(workspace.TryBuy(20, "pay_1"));
        Assert.Equal(0, workspace.Balance);
    }

    [Fact]
    public void There_is_no_reversing_what_was_not_bought() =>
        Declined(RefusalCodes.NotFound, Of("bloom").TryReverse(TopUp.IdOf(Id, "pay_1")));

    [Fact]
    public void A_top_up_that_repaid_an_older_debt_brings_it_back_when_it_is_reversed_itself()
    {
        var workspace = Of("bluma");
        var first = workspace.Buy(20, "pay_1");
        workspace.Admit(16);
        workspace.Reverse(first.Id);
        var second = workspace.Buy(50, "pay_2");
        Assert.Equal((44, Amount(0)), (workspace.Balance, workspace.Account.Debt));
        workspace.Reverse(second.Id);
        Assert.Equal((0, Amount(6)), (workspace.Balance, workspace.Account.Debt));
    }

    [Fact]
    public void A_refund_repays_the_debt_from_what_it_gives_back_and_leaves_other_credits_alone()
    {
        var workspace = Of("bluma");
        var topUp = workspace.Buy(20, "pay_1");
        var id = workspace.Admit(18);
        workspace.Give(30);
        workspace.Reverse(topUp.Id);
        Assert.Equal((30, Amount(8)), (workspace.Balance, workspace.Account.Debt));
        workspace.FailAndRefund(id);
        Assert.Equal(["refund 18 → 48", "adjustment -8 → 40"], workspace.Lines.TakeLast(2));
        Assert.Equal((10, 30, 0, Amount(0)), (workspace.PlanCredits, workspace.BonusCredits, workspace.TopUpCredits, workspace.Account.Debt));
    }

    [Fact]
    public void A_refund_smaller_than_the_debt_repays_a_part_of_it()
    {
        var workspace = Of("bluma");
        var topUp = workspace.Buy(20, "pay_1");
        var (spent, failed) = (workspace.Admit(25), workspace.Admit(3));
        workspace.Reverse(topUp.Id);
        Assert.Equal(Amount(18), workspace.Account.Debt);
        workspace.FailAndRefund(failed);
        Assert.Equal((0, Amount(15)), (workspace.Balance, workspace.Account.Debt));
        workspace.Complete(spent);
        workspace.Buy(20, "pay_2");
        Assert.Equal((5, Amount(0)), (workspace.Balance, workspace.Account.Debt));
    }

    [Fact]
    public void A_debt_larger_than_an_allowance_is_repaid_month_by_month()
    {
        var workspace = Of("bluma");
        var topUp = workspace.Buy(30, "pay_1");
        workspace.Admit(40);
        workspace.Reverse(topUp.Id);
        Assert.Equal(Amount(20), workspace.On("2025-12-01T00:00:00Z").Account.Debt);
        Assert.Equal(Amount(10), workspace.On("2026-01-01T00:00:00Z").Account.Debt);
        Assert.Equal((0, Amount(0)), (workspace.On("2026-02-01T00:00:00Z").Balance, workspace.Account.Debt));
        Assert.Equal(10, workspace.On("2026-03-01T00:00:00Z").Balance);
    }

    [Fact]
    public void A_partly_given_back_top_up_is_unspent_for_what_came_back()
    {
        var workspace = Of("bloom");
        var topUp = workspace.Buy(20, "pay_1");
        workspace.FailAndRefund(workspace.Admit(25));
        workspace.Reverse(topUp.Id);
        Assert.Equal((10, Amount(0)), (workspace.Balance, workspace.Account.Debt));
    }

    [Fact]
    public void A_debt_is_repaid_at_the_instant_of_the_credits_that_repay_it()
    {
        var workspace = Of("bluma", plan: "starter");
        var topUp = workspace.Buy(20, "pay_1");
        workspace.Admit(115);
        workspace.Reverse(topUp.Id);
        workspace.Give(30, "2025-12-05T00:00:00Z").On("2025-12-10T00:00:00Z");
        Assert.Equal(
            ["2025-12-01 purchase 100 → 115", "2025-12-05 renewal_expiry -15 → 100"],
            workspace.Entries.TakeLast(2).Select(entry => $"{entry.CreatedAt:yyyy-MM-dd} {entry.Tag} {entry.Amount} → {entry.BalanceAfter}"));
        var late = Of("bluma");
        var bought = late.Buy(20, "pay_1");
        late.Admit(25);
        late.Reverse(bought.Id);
        Assert.Equal((At("2025-12-01T00:00:00Z"), -10m), (late.On("2025-12-10T00:00:00Z").LastEntry.CreatedAt, late.LastEntry.Amount.ToDecimal()));
    }
}
