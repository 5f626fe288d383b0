using Billing.TopUps;
using Billing.Workspaces;
using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.Workspaces;

public sealed class ReversalTests
{
    [Fact]
    public void A_reversed_top_up_that_is_unspent_is_taken_back_whole()
    {
        var workspace = Of("bloom");
        var reversed = workspace.Reverse(workspace.Buy(20, "pay_1").Id);
        Assert.Equal((Amount(20), Amount(0)), (reversed.Reversals[0].Taken, reversed.Reversals[0].Debt));
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
        Assert.Equal((Amount(14), Amount(6)), (reversed.Reversals[0].Taken, reversed.Reversals[0].Debt));
        Assert.Equal((6, topUp.Id), (workspace.LastEntry.Metadata!["debt"].Number, workspace.LastEntry.Metadata["top_up_id"].Text));
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
    public void What_is_free_repays_a_debt_at_once_in_burn_down_order()
    {
        var workspace = Of("bluma", plan: "starter");
        var topUp = workspace.Buy(20, "pay_1");
        workspace.Admit(117);
        workspace.Give(4).Buy(20, "pay_2");
        workspace.Give(7, "2025-11-20T00:00:00Z").Reverse(topUp.Id);
        Assert.Equal((14, Amount(0)), (workspace.Balance, workspace.Account.Debt));
        Assert.Equal(["adjustment -3 → 31", "adjustment -17 → 14"], workspace.Lines.TakeLast(2));
        Assert.Equal(["7", "4", "6"], workspace.LastEntry.Draws!.Value.Select(draw => draw.Amount.ToString()));
        Assert.Equal((0, 14), (workspace.BonusCredits, workspace.TopUpCredits));
    }

    [Theory]
    [InlineData("bluma", "starter", 115)]
    [InlineData("bloom", null, 25)]
    public void While_there_is_debt_nothing_but_test_keys_is_admitted(string product, string? plan, int spent)
    {
        var workspace = Of(product, plan: plan);
        var topUp = workspace.Buy(20, "pay_1");
        workspace.Admit(spent);
        workspace.Reverse(topUp.Id);
        Assert.Equal(Amount(15), workspace.Account.Debt);
        foreach (var outcome in new[] { workspace.TryAdmit(2), workspace.TryAdmit(1000), workspace.TryBatch(allOrNothing: true, 1, 1) })
        {
            var refusal = Declined(RefusalCodes.InsufficientCredits, outcome);
            Assert.Equal((Amount(0), workspace.Account.Debt, workspace.Catalog.BuyUrl), (refusal.Available, refusal.Debt, refusal.ActionUrl));
            Assert.Equal(refusal.Required + refusal.Debt, refusal.Shortfall);
            Assert.Null(refusal.RetryAt);
        }

        Assert.All(Accepted(workspace.TryBatch(allOrNothing: false, 1, 1)).Items, item => Assert.Equal(workspace.Account.Debt, item.Refusal!.Debt));
        Accepted(workspace.TryAdmit(1, testMode: true));
        Assert.Equal(0, workspace.Account.Overage.Units);
    }

    [Fact]
    public void What_the_refusal_says_is_missing_is_enough()
    {
        var workspace = Of("bloom");
        var topUp = workspace.Buy(20, "pay_1");
        workspace.Admit(25);
        workspace.Reverse(topUp.Id);
        var shortfall = Declined(RefusalCodes.InsufficientCredits, workspace.TryAdmit(6)).Shortfall!.Value;
        workspace.Give(shortfall.ToDecimal() - 1);
        Assert.Equal((5, Amount(0)), (workspace.Balance, workspace.Account.Debt));
        workspace.Give(1).Admit(6);
    }

    [Fact]
    public void A_won_dispute_gives_back_what_its_reversal_took_and_left_as_debt()
    {
        var workspace = Of("bloom");
        var topUp = workspace.Buy(20, "pay_1", cents: 1_000);
        workspace.Admit(16);
        workspace.Reverse(topUp.Id, "dp_1");
        Assert.Equal((0, Amount(6)), (workspace.Balance, workspace.Account.Debt));
        var reinstated = workspace.Reinstate(topUp.Id, "dp_1");
        Assert.Equal(workspace.Now, reinstated.Reversals[0].ReinstatedAt);
        Assert.Equal(["adjustment 20 → 20", "adjustment -6 → 14"], workspace.Lines.TakeLast(2));
        var entry = workspace.Entries[^2];
        Assert.Equal(("Top-up reinstated: dp_1", "dp_1", topUp.Id), (entry.Description, entry.Metadata!["reference"].Text, entry.Metadata["top_up_id"].Text));
        Assert.Equal([new Draw(topUp.GrantId, GrantKind.TopUp, null, Amount(20), new Basis(1, 20, "USD"))], entry.Draws!.Value.AsEnumerable());
        Assert.Equal((14, Amount(0)), (workspace.TopUpCredits, workspace.Account.Debt));
        Repeated(workspace.TryReinstate(topUp.Id, "dp_1"));
        Repeated(workspace.TryReverse(topUp.Id, "dp_1"));
        Assert.Equal(14, workspace.Balance);
        Assert.Equal(Amount(14), workspace.Reverse(topUp.Id, "dp_2").Reversals[1].Taken);
        Assert.Equal((0, Amount(6)), (workspace.Balance, workspace.Account.Debt));
    }

    [Fact]
    public void A_reversal_without_a_reference_is_the_one_that_any_dispute_is_about()
    {
        var workspace = Of("bloom");
        var topUp = workspace.Buy(20, "pay_1");
        Declined(RefusalCodes.Conflict, workspace.TryReinstate(topUp.Id, "dp_1"));
        workspace.Reverse(topUp.Id);
        workspace.Reinstate(topUp.Id, "dp_1");
        Repeated(workspace.TryReinstate(topUp.Id, "dp_1"));
        Repeated(workspace.TryReverse(topUp.Id));
        Assert.Equal(30, workspace.Balance);
        Declined(RefusalCodes.NotFound, workspace.TryReinstate(TopUp.IdOf(Id, "pay_2"), "dp_1"));
    }

    [Fact]
    public void A_dispute_that_is_known_is_about_its_own_reversal()
    {
        var workspace = Of("bloom");
        var topUp = workspace.Buy(20, "pay_1");
        workspace.Reverse(topUp.Id, "re_1", 5);
        workspace.Reverse(topUp.Id);
        var reinstated = workspace.Reinstate(topUp.Id, "re_1");
        Assert.Equal([workspace.Now, null], reinstated.Reversals.Select(one => one.ReinstatedAt));
        Assert.Equal(15, workspace.Balance);
    }

    [Theory]
    [InlineData(GrantKind.Bonus, false)]
    [InlineData(GrantKind.TopUp, true)]
    public void What_is_reinstated_needs_room_unless_something_of_it_is_left(GrantKind kind, bool isLeft)
    {
        var workspace = Of("bloom");
        var topUp = workspace.Buy(20, "pay_1");
        topUp = workspace.Reverse(topUp.Id, "dp_1", 5);
        var full = BurnDown.Of(Enumerable.Range(0, BurnDown.MaxGrants).Select(number => new Grant(kind == GrantKind.TopUp ? topUp.GrantId + number : 10_000 + number, kind, Amount(1), null)));
        var unit = new UnitOfWork(workspace.Account with { Grants = full }, workspace.Now, new Dictionary<string, Record> { [topUp.RowKey] = topUp });
        var outcome = TopUpDecisions.Reinstate(unit, new ReinstateTopUp(topUp.Id, "dp_1"));
        Assert.Equal(isLeft, outcome is Outcome<TopUp>.Accepted);
        Assert.Equal(isLeft ? null : RefusalCodes.Conflict, (outcome as Outcome<TopUp>.Declined)?.Refusal.Code);
        Assert.Equal(isLeft ? Amount(2005) : Amount(2000), unit.Workspace.Balance);
    }

    [Fact]
    public void Parts_are_told_apart_by_their_references_and_never_exceed_the_whole()
    {
        var workspace = Of("bloom");
        var topUp = workspace.Buy(20, "pay_1");
        Declined(RefusalCodes.InvalidRequest, workspace.TryReverse(topUp.Id, credits: 5));
        workspace.Reverse(topUp.Id, "re_1", 5);
        Repeated(workspace.TryReverse(topUp.Id, "re_1", 5));
        Assert.Equal("The reversal re_1 was of 5 credits already.", Declined(RefusalCodes.Conflict, workspace.TryReverse(topUp.Id, "re_1", 6)).Detail);
        Assert.Equal("Only 15 credits of the top-up are left to reverse.", Declined(RefusalCodes.Conflict, workspace.TryReverse(topUp.Id, "re_2", 15.001m)).Detail);
        workspace.Admit(13);
        workspace.Reverse(topUp.Id, "re_2");
        Assert.Equal((0, Amount(3)), (workspace.Balance, workspace.Account.Debt));
        Repeated(workspace.TryReverse(topUp.Id));
        workspace.Reinstate(topUp.Id, "re_1");
        Assert.Equal((2, Amount(0)), (workspace.Balance, workspace.Account.Debt));
    }

    [Fact]
    public void All_that_is_left_is_no_part_even_where_it_is_said_how_much_that_is()
    {
        var workspace = Of("bloom");
        var topUp = workspace.Buy(20, "pay_1");
        workspace.Reverse(topUp.Id, "re_1", 5);
        Declined(RefusalCodes.InvalidRequest, workspace.TryReverse(topUp.Id, credits: 20));
        Assert.Equal(Amount(15), workspace.Reverse(topUp.Id, credits: 15).Reversals[1].Taken);
        Repeated(workspace.TryReverse(topUp.Id, credits: 15));
        Assert.Equal(10, workspace.Balance);
    }

    [Fact]
    public void A_dispute_that_found_nothing_left_to_take_gives_nothing_back()
    {
        var workspace = Of("bloom");
        var topUp = workspace.Buy(20, "pay_1");
        workspace.Reverse(topUp.Id);
        var disputed = workspace.Reverse(topUp.Id, "dp_1");
        Assert.Equal(["20 ", "0 dp_1"], disputed.Reversals.Select(one => $"{one.Credits} {one.Reference}"));
        Repeated(workspace.TryReverse(topUp.Id, "dp_1"));
        var lines = workspace.Lines.Count();
        Assert.NotNull(workspace.Reinstate(topUp.Id, "dp_1").Reversals[1].ReinstatedAt);
        Repeated(workspace.TryReinstate(topUp.Id, "dp_1"));
        Assert.Equal((10, lines), (workspace.Balance, workspace.Lines.Count()));
        Assert.Equal(Amount(0), disputed.Left);
    }

    [Fact]
    public void A_top_up_is_reversed_twenty_times_and_not_once_more()
    {
        var workspace = Of("bloom");
        var topUp = workspace.Buy(30, "pay_1");
        for (var i = 0; i < 20; i++)
        {
            workspace.Reverse(topUp.Id, $"re_{i}", 1);
        }

        Assert.Equal("The top-up was reversed 20 times; no more can be remembered.", Declined(RefusalCodes.Conflict, workspace.TryReverse(topUp.Id, "re_20", 1)).Detail);
        Assert.Equal(20, workspace.Balance);
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
    public void A_refund_repays_the_debt_from_what_it_gives_back_in_burn_down_order()
    {
        var workspace = Of("bluma");
        var topUp = workspace.Buy(20, "pay_1");
        var (id, _) = (workspace.Admit(18), workspace.Admit(12));
        workspace.Reverse(topUp.Id);
        Assert.Equal((0, Amount(20)), (workspace.Balance, workspace.Account.Debt));
        workspace.Give(9);
        workspace.FailAndRefund(id);
        Assert.Equal(["refund 18 → 18", "adjustment -11 → 7"], workspace.Lines.TakeLast(2));
        Assert.Equal((0, 7, Amount(0)), (workspace.BonusCredits, workspace.TopUpCredits, workspace.Account.Debt));
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
            workspace.Entries.TakeLast(2).Select(entry => $"{entry.CreatedAt:yyyy-MM-dd} {entry.Type.Name()} {entry.Amount} → {entry.BalanceAfter}"));
        var late = Of("bluma");
        var bought = late.Buy(20, "pay_1");
        late.Admit(25);
        late.Reverse(bought.Id);
        Assert.Equal((At("2025-12-01T00:00:00Z"), -10m), (late.On("2025-12-10T00:00:00Z").LastEntry.CreatedAt, late.LastEntry.Amount.ToDecimal()));
    }
}
