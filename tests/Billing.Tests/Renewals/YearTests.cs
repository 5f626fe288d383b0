using Billing.Accounts;
using static Billing.Tests.Accounts.Workspace;

namespace Billing.Tests.Renewals;

public sealed class YearTests
{
    /// <summary>Every figure was worked out by hand.</summary>
    [Fact]
    public void A_year_of_a_workspaces_life_comes_out_as_worked_out_by_hand()
    {
        // January: a free account becomes a Starter on the 31st; the 10 free credits end.
        var workspace = Of("bluma", "2025-01-31T08:00:00Z").Subscribe("starter");
        Assert.Equal(100, workspace.Balance);
        workspace.On("2025-02-10T00:00:00Z");
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

        // May: 540 spent, then three on overage, one of which fails at once and one in June, after the invoice.
        workspace.On("2025-05-31T07:30:00Z");
        workspace.Complete(workspace.Admit(540));
        workspace.Complete(workspace.Admit(11));
        workspace.FailAndRefund(workspace.Admit(11));
        workspace.On("2025-05-31T07:59:59Z").Complete(workspace.Admit(11));
        Assert.Equal((10, 2L), (workspace.Balance, workspace.Account.Overage.Units));
        var mays = workspace.Admission(workspace.Entries.Last(entry => entry.Type == EntryType.Overage).Metadata!["generation_id"].Text!).Generations.Single();
        Assert.Equal(510, workspace.On("2025-05-31T08:00:00Z").Balance);
        workspace.On("2025-06-02T00:00:00Z");
        Assert.Equal(100, workspace.Invoices.Single().Total.AmountMinor);
        workspace.Review(workspace.RequestRefund(mays.Id, "technical_problem"), approve: true);
        Assert.Equal(50, workspace.CarryOutRefunds().Account.Overage.Credit["USD"]);

        // The payment of July fails on the 1st and arrives on 2 September: the periods of 31 July and 31 August, of which only the last counts.
        workspace.On("2025-07-01T00:00:00Z").Pay(PaymentStatus.Failed);
        Assert.Equal(510, workspace.Balance);
        Assert.Equal(10, workspace.On("2025-08-15T00:00:00Z").Balance);
        Assert.Equal(510, workspace.On("2025-09-02T00:00:00Z").Pay(PaymentStatus.Succeeded).Balance);
        Assert.Equal(1, workspace.LastEntry.Metadata!["missed_periods"].Number);

        // September: the March top-up is charged back; 40 of its 50 were spent.
        workspace.Reverse(TopUp.IdOf(Id, "pay_march"));
        Assert.Equal((500, Amount(40)), (workspace.Balance, workspace.Account.Debt));
        Assert.Equal(460, workspace.On("2025-09-30T08:00:00Z").Balance);

        // October: overage again; November's invoice-to-be uses up the credit. Down to free, which is in force from the 31st.
        workspace.Complete(workspace.Admit(461));
        workspace.Complete(workspace.Admit(461));
        workspace.On("2025-10-10T00:00:00Z").Subscribe("free");
        Assert.Equal(10, workspace.On("2025-10-31T08:00:00Z").Balance);
        workspace.On("2025-11-01T00:00:00Z");
        Assert.Equal([("2025-05", 100L, 0L), ("2025-09", 50L, 50L)], workspace.Invoices.Select(invoice => (invoice.Month, invoice.Total.AmountMinor, invoice.Credit.AmountMinor)));
        Declined(Refusals.InsufficientCredits, workspace.TryAdmit(11));

        // To the end of the year: 10 a month.
        workspace.Complete(workspace.Admit(6));
        Assert.Equal(10, workspace.On("2025-12-31T08:00:00Z").Balance);
        Assert.Equal(At("2026-01-31T08:00:00Z"), workspace.Subscription.PeriodEndsAt);
    }
}
