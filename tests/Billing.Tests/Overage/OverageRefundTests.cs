using Billing.Events;
using Billing.Generations;
using Billing.Overage;
using Billing.Workspaces;
using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.Overage;

public sealed class OverageRefundTests
{
    [Fact]
    public void Refunded_before_it_is_invoiced_the_unit_is_taken_off_the_month()
    {
        var workspace = Of("bluma", plan: "starter");
        workspace.Complete(workspace.Admit(101));
        workspace.FailAndRefund(workspace.Admit(101));
        Assert.Equal((1L, 0), (workspace.Account.Overage.Units, workspace.Balance));
        Assert.Equal(EntryType.Refund, workspace.LastEntry.Type);
        Assert.Equal(Credits.Zero, workspace.LastEntry.Amount);
        Assert.Equal(new Money(50, "USD"), workspace.On("2025-12-01T00:00:00Z").Invoices.Single().Total);
    }

    [Fact]
    public void A_refund_gives_both_parts_back()
    {
        var workspace = Of("bluma", plan: "starter");
        var id = workspace.Admit(130);
        workspace.FailAndRefund(id);
        Assert.Equal(["purchase 100 → 100", "deduction -100 → 0", "overage 0 → 0", "refund 100 → 100", "refund 0 → 100"], workspace.Lines);
        Assert.All(workspace.Entries.TakeLast(2), entry => Assert.Equal(
            (id, workspace.Refunds.Single().Id, "server_error"),
            (entry.Metadata!["generation_id"].Text, entry.Metadata["refund_id"].Text, entry.Metadata["reason"].Text)));
        Assert.Equal((100, 0L, Credits.Zero), (workspace.PlanCredits, workspace.Account.Overage.Units, workspace.Usage.Spent));
    }

    [Fact]
    public void When_every_unit_was_taken_off_there_is_nothing_to_invoice()
    {
        var workspace = Of("bluma", plan: "starter");
        workspace.FailAndRefund(workspace.Admit(101));
        Assert.Null(workspace.Account.Overage.Month);
        Assert.Empty(workspace.On("2025-12-01T00:00:00Z").Invoices);
    }

    [Theory]
    [InlineData("fail")]
    [InlineData("complete")]
    [InlineData("approve")]
    [InlineData("expire")]
    public void What_was_decided_to_be_refunded_before_the_months_end_is_not_invoiced(string how)
    {
        var workspace = Of("bluma", plan: "starter").On("2025-11-30T22:59:58.999Z");
        var (kept, id) = (workspace.Admit(101), workspace.Admit(7));
        workspace.Now = At("2025-11-30T23:59:58Z");
        workspace.Complete(kept);
        _ = how switch
        {
            "fail" => workspace.Fail(id, "server_error"),
            "complete" => workspace.Complete(id, 0),
            "approve" => workspace.Complete(id),
            _ => null,
        };
        if (how == "approve")
        {
            workspace.Review(workspace.RequestRefund(id), approve: true);
        }

        workspace.On("2025-12-01T00:00:01Z").CarryOutRefunds();
        Assert.Equal([new Money(50, "USD")], workspace.Invoices.Select(invoice => invoice.Total));
        Assert.Empty(workspace.Account.Overage.Credit);
        Assert.True(workspace.Generation(id).OverageRefunded);
        Assert.Single(workspace.On("2026-02-01T00:00:00Z").Invoices);
    }

    [Theory]
    [InlineData("2025-11-30T22:30:00Z", false, 0)]
    [InlineData("2025-11-30T23:30:00Z", true, 1)]
    public void A_month_is_not_closed_while_more_may_have_expired_in_it(string admittedAt, bool closes, int invoices)
    {
        var workspace = Of("bluma", plan: "starter").On(admittedAt);
        var admission = workspace.Admission(workspace.Admit(101));
        var unit = new UnitOfWork(workspace.Account, At("2025-12-01T00:45:00Z"), new Dictionary<string, Record> { [admission.RowKey] = admission });
        Assert.Equal(closes, Present.To(unit, workspace.Catalog, [admission.Generations[0].Id], more: true));
        Assert.Equal((invoices, 1), (unit.Written.Values.OfType<Invoice>().Count(), unit.Written.Values.OfType<Refund>().Count(refund => refund.Overage)));
    }

    [Fact]
    public void Where_all_of_a_month_was_to_be_refunded_there_is_no_invoice()
    {
        var workspace = Of("bluma", plan: "starter").On("2025-11-30T23:00:00Z").Hear(EventTypes.OverageCharged);
        var id = workspace.Admit(101);
        workspace.On("2025-11-30T23:59:58Z").Fail(id, "server_error");
        workspace.On("2025-12-01T00:00:01Z").CarryOutRefunds();
        Assert.Empty(workspace.Invoices);
        Assert.Empty(workspace.Events);
        Assert.Equal((100, 100), (workspace.PlanCredits, workspace.BonusCredits));
    }

    [Theory]
    [InlineData("2025-11-30T22:59:59.999Z", "2025-12-01T05:00:00Z", 0, 0)]
    [InlineData("2025-11-30T22:59:59.999Z", "2025-12-01T00:00:00Z", 0, 0)]
    [InlineData("2025-11-30T23:00:00Z", "2025-12-01T05:00:00Z", 1, 50)]
    [InlineData("2025-11-30T23:00:00Z", "2025-12-01T00:00:00Z", 1, 50)]
    public void What_expires_belongs_to_the_month_in_which_it_expired_whoever_looks_when(string admittedAt, string seenAt, int invoices, long credit)
    {
        var workspace = Of("bluma", plan: "starter").On(admittedAt);
        workspace.Admit(101);
        workspace.On(seenAt).CarryOutRefunds();
        Assert.Equal((invoices, credit), (workspace.Invoices.Count, workspace.Account.Overage.Credit.GetValueOrDefault("USD")));
    }

    [Fact]
    public void Refunded_after_it_was_invoiced_the_unit_is_a_credit_on_the_next_invoice()
    {
        var workspace = Of("bluma", plan: "starter").On("2025-11-30T23:30:00Z");
        workspace.Complete(workspace.Admit(101));
        var late = workspace.Admit(101);
        workspace.On("2025-12-01T00:10:00Z").FailAndRefund(late);
        Assert.Equal(50, workspace.Account.Overage.Credit["USD"]);
        workspace.Complete(workspace.Admit(101));
        workspace.Complete(workspace.Admit(101));
        workspace.On("2026-01-01T00:00:00Z");
        Assert.Equal([new Money(100, "USD"), new Money(50, "USD")], workspace.Invoices.Select(invoice => invoice.Total));
        Assert.Equal(new Money(50, "USD"), workspace.Invoices[1].Credit);
        Assert.Empty(workspace.Account.Overage.Credit);
    }

    [Fact]
    public void Refunded_after_it_was_invoiced_the_credits_come_back_too()
    {
        var workspace = Of("bluma", plan: "starter").On("2025-11-30T23:30:00Z");
        workspace.Buy(20, "pay_1");
        var late = workspace.Admit(130);
        workspace.On("2025-12-01T00:10:00Z").FailAndRefund(late);
        Assert.Equal((100, 100, 20), (workspace.PlanCredits, workspace.BonusCredits, workspace.TopUpCredits));
        Assert.Equal((50L, 50L), (workspace.Invoices.Single().Total.AmountMinor, workspace.Account.Overage.Credit["USD"]));
    }

    [Fact]
    public void Credit_that_an_invoice_does_not_use_up_waits_for_the_one_after()
    {
        var workspace = Of("bluma", plan: "starter").On("2025-11-30T23:30:00Z");
        var late = Enumerable.Range(0, 3).Select(_ => workspace.Admit(101)).ToList();
        workspace.On("2025-12-01T00:10:00Z");
        late.ForEach(id => workspace.FailAndRefund(id));
        Assert.Equal((100, 100), (workspace.PlanCredits, workspace.BonusCredits));
        workspace.Complete(workspace.Admit(201));
        workspace.On("2026-01-10T00:00:00Z");
        Assert.Equal((0L, 50L), (workspace.Invoices[1].Total.AmountMinor, workspace.Invoices[1].Credit.AmountMinor));
        Assert.Equal(100, workspace.Account.Overage.Credit["USD"]);
        for (var i = 0; i < 3; i++)
        {
            workspace.Complete(workspace.Admit(101));
        }

        workspace.On("2026-03-10T00:00:00Z");
        Assert.Equal((50L, 100L), (workspace.Invoices[2].Total.AmountMinor, workspace.Invoices[2].Credit.AmountMinor));
    }

    [Fact]
    public void A_unit_of_a_month_that_ended_unseen_is_invoiced_before_it_is_refunded()
    {
        var workspace = Of("bluma", plan: "starter").On("2025-11-30T23:59:00Z");
        var late = workspace.Admit(101);
        workspace.Now = At("2025-12-01T00:00:00Z");
        workspace.FailAndRefund(late);
        Assert.Equal(50, workspace.Invoices.Single().Total.AmountMinor);
        Assert.Equal(50, workspace.Account.Overage.Credit["USD"]);
    }

    [Theory]
    [InlineData(0, 0, 100)]
    [InlineData(1, 1, 66.666)]
    [InlineData(3, 1, 0)]
    public void A_unit_stands_while_anything_of_it_was_delivered_and_its_credits_come_back_pro_rata(long succeeded, long units, double credits)
    {
        var workspace = Of("bluma", plan: "starter");
        workspace.Complete(workspace.Admit(101, units: 3), succeeded);
        Assert.Equal(units, workspace.CarryOutRefunds().Account.Overage.Units);
        Assert.Equal((decimal)credits, workspace.Balance);
    }

    [Fact]
    public void After_a_part_the_rest_of_both_can_be_asked_for()
    {
        var workspace = Of("bluma", plan: "starter");
        var id = workspace.Admit(101, units: 3);
        workspace.Complete(id, 1);
        var asked = workspace.RequestRefund(id);
        Assert.Equal((Amount(33.334m), true), (asked.Credits, asked.Overage));
        workspace.Review(asked, approve: true);
        Assert.Equal(0, workspace.CarryOutRefunds().Account.Overage.Units);
        Assert.Equal(100, workspace.Balance);
    }

    [Theory]
    [InlineData("rendering_error", 0, 100)]
    [InlineData("content_policy", 1, 0)]
    public void A_failure_gives_both_back_unless_it_was_the_customers_own(string reason, long units, decimal credits)
    {
        var workspace = Of("bluma", plan: "starter");
        workspace.Fail(workspace.Admit(101), reason);
        Assert.Equal(units, workspace.CarryOutRefunds().Account.Overage.Units);
        Assert.Equal(credits, workspace.Balance);
    }

    [Fact]
    public void What_expires_unsettled_is_given_back()
    {
        var workspace = Of("bluma", plan: "starter");
        workspace.Admit(101);
        Assert.Equal(0, workspace.After(TimeSpan.FromHours(1)).CarryOutRefunds().Account.Overage.Units);
        Assert.Equal(100, workspace.Balance);
    }

    [Fact]
    public void Both_are_given_back_once_by_review_too()
    {
        var workspace = Of("bluma", plan: "starter");
        var id = workspace.Admit(101);
        workspace.Complete(id);
        var asked = workspace.RequestRefund(id);
        Assert.Equal((true, Amount(100)), (asked.Overage, asked.Credits));
        workspace.Review(asked, approve: true);
        Assert.Equal(0, workspace.CarryOutRefunds().Account.Overage.Units);
        Assert.Equal(100, workspace.Balance);
        Assert.True(workspace.Generation(id).OverageRefunded);
        var failed = workspace.Admit(101);
        workspace.Fail(failed, "server_error");
        Declined(RefusalCodes.RefundNotEligible, workspace.TryRequestRefund(failed));
    }

    [Fact]
    public void A_unit_is_taken_off_the_line_of_its_own_plan()
    {
        var workspace = Of("bluma", plan: "starter");
        var first = workspace.Admit(101);
        workspace.Subscribe("pro").Admit(101);
        workspace.FailAndRefund(first);
        Assert.Equal([new OverageLine("pro", new Money(50, "USD"), 1)], workspace.Account.Overage.Lines.AsEnumerable());
    }
}
