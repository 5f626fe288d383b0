using Billing.Subscriptions;
using Billing.TopUps;
using Billing.Workspaces;
using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.ReportedElsewhere;

/// <summary>What went wrong in other systems with parts of refunds, disputes and what credits cost.</summary>
public sealed class ReversedCreditTests
{
    // What a won dispute gave back was what had been left to take; what had been spent was lost to the customer who was right.
    [Fact]
    public void A_won_dispute_gives_back_also_what_was_spent_and_repaid_since()
    {
        var workspace = Of("bloom");
        var topUp = workspace.Buy(20, "pay_1");
        workspace.Make(28);
        workspace.Reverse(topUp.Id, "dp_1");
        workspace.Give(18);
        Assert.Equal((0, Amount(0)), (workspace.Balance, workspace.Account.Debt));
        workspace.Reinstate(topUp.Id, "dp_1");
        Assert.Equal((20, Amount(0)), (workspace.Balance, workspace.Account.Debt));
    }

    // Whether news were new was told by the text of a note: with other words the same dispute took a second time.
    [Fact]
    public void The_same_dispute_in_other_words_is_the_same_dispute()
    {
        var workspace = Of("bloom");
        var topUp = workspace.Buy(20, "pay_1");
        workspace.Reverse(topUp.Id, "dp_1", 5);
        var again = workspace.Decide(
            unit => TopUpDecisions.Reverse(unit, workspace.Catalog, new ReverseTopUp(topUp.Id, "Dispute dp_1 of charge pay_1", "dp_1", Amount(5))), TopUp.KeyOf(topUp.Id));
        Assert.Equal("Charge-back", Assert.Single(Repeated(again).Reversals).Reason);
        Assert.Equal(25, workspace.Balance);
    }

    // Refunded in full, then disputed as well and the dispute won: the customer had the money and the credits.
    [Fact]
    public void Who_was_refunded_gets_nothing_more_for_a_dispute_that_took_nothing()
    {
        var workspace = Of("bloom");
        var topUp = workspace.Buy(20, "pay_1");
        workspace.Reverse(topUp.Id);
        workspace.Reverse(topUp.Id, "dp_1");
        workspace.Reinstate(topUp.Id, "dp_1");
        Assert.Equal((10, Amount(0)), (workspace.Balance, workspace.Account.Debt));
    }

    // Each of several partial refunds was rounded by itself, and together they were more than the whole.
    [Fact]
    public void Thirds_add_up_to_the_whole_to_the_thousandth()
    {
        var workspace = Of("bloom");
        var topUp = workspace.Buy(100, "pay_1", cents: 1_000);
        for (var third = 1; third <= 3; third++)
        {
            workspace.Reverse(topUp.Id, $"re_{third}", 33.333m);
        }

        Declined(RefusalCodes.Conflict, workspace.TryReverse(topUp.Id, "re_4", 0.002m));
        Assert.Equal(Amount(0.001m), workspace.Reverse(topUp.Id, "re_4").Reversals[^1].Taken);
        Assert.Equal(10, workspace.Balance);
    }

    // What was consumed was worked out from credits rounded to cents, and drifted from what was paid, for ever.
    [Theory]
    [InlineData(999, 70)]
    [InlineData(1, 200)]
    [InlineData(1_423, 33.333)]
    [InlineData(100_003, 97.001)]
    public void However_small_the_pieces_all_of_them_cost_what_was_paid(long cents, double credits)
    {
        var workspace = Of("bloom");
        workspace.Make(10);
        workspace.Buy((decimal)credits, "pay_1", cents);
        for (var i = 0; i < 50; i++)
        {
            workspace.Make(0.019m * (i + 1));
        }

        workspace.Make(workspace.Balance);
        var draws = workspace.Entries.Where(entry => entry.Type == EntryType.Deduction).SelectMany(entry => entry.Draws!.Value).Where(draw => draw.Kind == GrantKind.TopUp).ToList();
        var basis = Assert.Single(draws.Select(draw => draw.Basis).Distinct())!.Value;

        // Each worth what is used up to it less what was used before: the last one takes the rounding.
        var (used, worth) = (0L, 0L);
        foreach (var draw in draws)
        {
            used += draw.Amount.Thousandths;
            worth += (long)((Int128)used * basis.Minor / basis.Thousandths) - worth;
        }

        Assert.Equal((Amount((decimal)credits).Thousandths, cents), (used, worth));
        Assert.Equal((Int128)cents * basis.Thousandths, (Int128)used * basis.Minor);
    }

    // A paid top-up was recorded as paid and as granted: the customer got everything twice.
    [Fact]
    public void What_is_paid_for_is_granted_once()
    {
        var workspace = Of("bloom");
        workspace.Buy(50, "pay_1", cents: 5_000);
        Assert.Equal(["grant 10 → 10", "purchase 50 → 60"], workspace.Lines);
    }

    // The refund of one purchase took what was left of another, which nobody had refunded, and left the customer in debt beside credits of the refunded one.
    [Fact]
    public void A_reversal_takes_of_its_own_purchase_first()
    {
        var workspace = Of("bloom");
        var (first, second) = (workspace.Buy(20, "pay_1", cents: 2_000), workspace.Buy(20, "pay_2", cents: 1_000));
        workspace.Make(15);
        workspace.Reverse(second.Id, "re_1", 12);
        Assert.Equal(["15 1/10USD", "8 1/20USD"], workspace.Account.Grants.All.Select(grant => $"{grant.Left} {grant.Basis}"));
        workspace.Reverse(first.Id, "re_1");
        Assert.Equal((3, 3, Amount(0)), (workspace.Balance, workspace.TopUpCredits, workspace.Account.Debt));
    }

    // Bought in two currencies, spent in one piece: the books had one currency for both.
    [Fact]
    public void Each_currency_keeps_its_own_cost()
    {
        var workspace = Of("bloom");
        workspace.Make(10);
        Accepted(workspace.Decide(unit => TopUpDecisions.Buy(unit, workspace.Catalog, new BuyCredits(Amount(20), "pay_1", new Money(1_000, "USD"))), []));
        Accepted(workspace.Decide(unit => TopUpDecisions.Buy(unit, workspace.Catalog, new BuyCredits(Amount(20), "pay_2", new Money(1_000, "JPY"))), []));
        workspace.Make(25);
        Assert.Equal(["20 1/20USD", "5 1/20JPY"], workspace.LastEntry.Draws!.Value.Select(draw => $"{draw.Amount} {draw.Basis}"));
    }

    // Nobody could tell whether a charge had used what was given or what was bought.
    [Fact]
    public void A_charge_says_what_of_it_was_free_and_what_was_bought()
    {
        var workspace = Of("bluma", plan: "starter").Give(4);
        workspace.Buy(20, "pay_1", cents: 600);
        workspace.Make(110);
        Assert.Equal(["100 Plan 29/1000USD", "4 Bonus ", "6 TopUp 3/100USD"], workspace.LastEntry.Draws!.Value.Select(draw => $"{draw.Amount} {draw.Kind} {draw.Basis}"));
    }

    // One dispute of a charge that had bought twice: the second reversal was taken for a repeat of the first.
    [Fact]
    public void One_dispute_may_be_about_two_purchases()
    {
        var workspace = Of("bloom");
        var (first, second) = (workspace.Buy(20, "pay_1"), workspace.Buy(30, "pay_2"));
        workspace.Reverse(first.Id, "dp_1");
        workspace.Reverse(second.Id, "dp_1");
        Assert.Equal(10, workspace.Balance);
        workspace.Reinstate(second.Id, "dp_1");
        Assert.Equal(40, workspace.Balance);
    }

    // A dispute was won while the subscription was paused, and what it gave back was lost.
    [Fact]
    public void A_dispute_that_is_won_during_a_pause_gives_back_then()
    {
        var workspace = Of("bluma", plan: "starter");
        var topUp = workspace.Buy(20, "pay_1");
        workspace.Make(105);
        workspace.Reverse(topUp.Id, "dp_1");
        workspace.Pay(PaymentStatus.Failed, "inv_1").On("2025-12-03T00:00:00Z");
        workspace.Reinstate(topUp.Id, "dp_1");
        Assert.Equal((15, Amount(0)), (workspace.Balance, workspace.Account.Debt));
        Assert.Equal(115, workspace.Pay(PaymentStatus.Succeeded, "inv_1").Balance);
    }
}
