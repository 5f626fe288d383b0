using Billing.Subscriptions;
using Billing.TopUps;
using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.Subscriptions;

/// <summary>Every figure was worked out by hand.</summary>
public sealed class YearTests
{
    [Fact]
    public void A_year_with_bluma_comes_out_as_worked_out_by_hand()
    {
        // January: a free account of the 20th has spent 4 of its 10 when it becomes a Starter on the 31st; the other 6 are kept until 20 February.
        var workspace = Of("bluma", "2025-01-20T08:00:00Z");
        workspace.Complete(workspace.Admit(4));
        Assert.Equal(106, workspace.On("2025-01-31T08:00:00Z").Subscribe("starter").Balance);
        workspace.On("2025-02-10T00:00:00Z").Complete(workspace.Admit(5));
        Assert.Equal("1 5", workspace.LastEntry.Draws!.Value.Select(draw => $"{draw.GrantId} {draw.Amount}").Single());
        Assert.Equal("renewal_expiry -1 → 100", workspace.On("2025-02-20T08:00:00Z").Lines.Last());
        workspace.Complete(workspace.Admit(27));
        workspace.Complete(workspace.Admit(45));
        Assert.Equal(28, workspace.Balance);

        // 28 February: 28 end, 100 come. In March a top-up, and a failure.
        Assert.Equal(100, workspace.On("2025-02-28T08:00:00Z").Balance);
        workspace.On("2025-03-05T00:00:00Z").Buy(50, "pay_march");
        var failed = workspace.Admit(120);
        Assert.Equal((0, 30), (workspace.PlanCredits, workspace.TopUpCredits));
        workspace.FailAndRefund(failed);
        Assert.Equal((100, 50), (workspace.PlanCredits, workspace.TopUpCredits));

        // 31 March: 100 + 50. In April an upgrade to Pro: its 500 come on the 30th.
        Assert.Equal(150, workspace.On("2025-03-31T08:00:00Z").Balance);
        workspace.On("2025-04-12T00:00:00Z").Subscribe("pro").Complete(workspace.Admit(6.75m));
        Assert.Equal(143.25m, workspace.Balance);
        Assert.Equal(550, workspace.On("2025-04-30T08:00:00Z").Balance);

        // May: 540 spent, 10 of the top-up are left. Of three on overage the first takes them, fails and gives both back; the second takes them again, the
        // third finds nothing. The second is refunded in June, after the invoice.
        workspace.On("2025-05-31T07:30:00Z");
        workspace.Complete(workspace.Admit(540));
        workspace.FailAndRefund(workspace.Admit(11));
        Assert.Equal((10, 0L), (workspace.TopUpCredits, workspace.Account.Overage.Units));
        var second = workspace.On("2025-05-31T07:59:59Z").Admit(11);
        workspace.Complete(second);
        workspace.Complete(workspace.Admit(11));
        Assert.Equal((0, 2L), (workspace.Balance, workspace.Account.Overage.Units));
        Assert.Equal(500, workspace.On("2025-05-31T08:00:00Z").Balance);
        workspace.On("2025-06-02T00:00:00Z");
        Assert.Equal(100, workspace.Invoices.Single().Total.AmountMinor);
        workspace.Review(workspace.RequestRefund(second, "technical_problem"), approve: true);
        Assert.Equal(50, workspace.CarryOutRefunds().Account.Overage.Credit["USD"]);
        Assert.Equal((500, 10), (workspace.PlanCredits, workspace.TopUpCredits));

        // The payment of July fails on the 1st and arrives on 2 September: the periods of 31 July and 31 August, of which only the last counts.
        workspace.On("2025-07-01T00:00:00Z").Pay(PaymentStatus.Failed);
        Assert.Equal(510, workspace.Balance);
        Assert.Equal(10, workspace.On("2025-08-15T00:00:00Z").Balance);
        Assert.Equal(510, workspace.On("2025-09-02T00:00:00Z").Pay(PaymentStatus.Succeeded).Balance);
        Assert.Equal(1, workspace.LastEntry.Metadata!["missed_periods"].Number);

        // September: the March top-up is charged back; 40 of its 50 were spent, which the plan's credits repay at once.
        workspace.Reverse(TopUp.IdOf(Id, "pay_march"));
        Assert.Equal((460, Amount(0)), (workspace.Balance, workspace.Account.Debt));
        Assert.Equal(500, workspace.On("2025-09-30T08:00:00Z").Balance);

        // Still September: the 500 and two units, of which the credit pays one. In October it is canceled; the free plan starts on the 31st.
        workspace.Complete(workspace.Admit(501));
        workspace.Complete(workspace.Admit(501));
        Assert.Equal((0, 2L), (workspace.Balance, workspace.Account.Overage.Units));
        workspace.On("2025-10-10T00:00:00Z").Cancel();
        Assert.Equal(10, workspace.On("2025-10-31T08:00:00Z").Balance);
        Assert.Equal([("2025-05", 100L, 0L), ("2025-09", 50L, 50L)], workspace.Invoices.Select(invoice => (invoice.Month, invoice.Total.AmountMinor, invoice.Credit.AmountMinor)));
        Declined(RefusalCodes.InsufficientCredits, workspace.TryAdmit(11));

        // November: 6 of the 10 are spent when it becomes a Starter again on the 15th; the other 4 end on the 30th.
        workspace.Complete(workspace.Admit(6));
        Assert.Equal(104, workspace.On("2025-11-15T00:00:00Z").Subscribe("starter").Balance);
        Assert.Equal(100, workspace.On("2025-11-30T08:00:00Z").Balance);
        Assert.Equal(100, workspace.On("2025-12-31T08:00:00Z").Balance);
        Assert.Equal(At("2026-01-15T00:00:00Z"), workspace.Subscription.PeriodEndsAt);
    }

    [Fact]
    public void A_year_with_bloom_comes_out_as_worked_out_by_hand()
    {
        // January: 10 to try it, of which 4 are spent; the other 6 stay all year. February: Plus, too small for 60 images; Pro cures that at once.
        var workspace = Of("bloom", "2025-01-31T08:00:00Z");
        workspace.Complete(workspace.Admit(4));
        Assert.Equal(56, workspace.On("2025-02-03T12:00:00Z").Subscribe("plus").Balance);
        workspace.On("2025-02-10T00:00:00Z");
        Declined(RefusalCodes.InsufficientCredits, workspace.TryAdmit(60));
        Assert.Equal(106, workspace.Subscribe("pro").Balance);
        workspace.FailAndRefund(workspace.Admit(60));
        Assert.Equal((100, 6), (workspace.PlanCredits, workspace.BonusCredits));
        workspace.Complete(workspace.Admit(60));

        // Down and up again grants nothing; Max has 100 more.
        Assert.Equal(46, workspace.Subscribe("plus").Subscribe("pro").Balance);
        Assert.Equal(146, workspace.Subscribe("max").Balance);
        Assert.Equal(206, workspace.On("2025-03-03T12:00:00Z").Balance);

        // March: down to Plus, from 3 April on. In April a payment fails; the 250 that Scale has more are there, but wait for it.
        Assert.Equal(206, workspace.Subscribe("plus").Balance);
        Assert.Equal(56, workspace.On("2025-04-03T12:00:00Z").Balance);
        workspace.On("2025-04-10T00:00:00Z").Pay(PaymentStatus.Failed).Subscribe("scale", 300);
        Declined(RefusalCodes.PaymentRequired, workspace.TryAdmit(1));
        Assert.Equal(306, workspace.On("2025-04-12T00:00:00Z").Pay(PaymentStatus.Succeeded).Balance);
        Assert.Equal(806, workspace.Subscribe("scale", 800).Balance);
        Assert.Equal(806, workspace.On("2025-05-03T12:00:00Z").Balance);

        // The payment of June comes on the 15th. The 2,000 chosen before it come with it: the period of 3 May was over.
        workspace.On("2025-05-20T00:00:00Z").Pay(PaymentStatus.Failed, "pay_2");
        Assert.Equal(6, workspace.On("2025-06-10T00:00:00Z").Subscribe("scale", 2000).Balance);
        Assert.Equal(2006, workspace.On("2025-06-15T00:00:00Z").Pay(PaymentStatus.Succeeded, "pay_2").Balance);
        Assert.Equal(At("2025-07-03T12:00:00Z"), workspace.Subscription.PeriodEndsAt);

        // Canceled, it ends: bloom has no plan to fall to. In September Plus once more.
        Assert.Equal(6, workspace.Cancel().On("2025-07-03T12:00:00Z").Balance);
        Assert.True(workspace.Subscription.Ended);
        Assert.Equal(56, workspace.On("2025-09-15T06:00:00Z").Subscribe("plus").Balance);
        Assert.Equal(56, workspace.On("2025-12-31T00:00:00Z").Balance);
        Assert.Equal(At("2026-01-15T06:00:00Z"), workspace.Subscription.PeriodEndsAt);
    }
}
