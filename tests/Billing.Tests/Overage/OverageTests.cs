using System.Text;
using Billing.Engine.Webhooks;
using Billing.Events;
using Billing.Overage;
using Billing.Subscriptions;
using Billing.Workspaces;
using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.Overage;

public sealed class OverageTests
{
    private static readonly Money HalfADollar = new(50, "USD");

    [Fact]
    public void What_the_credits_left_cannot_cover_takes_them_and_is_one_unit()
    {
        var workspace = Of("bluma", plan: "starter");
        workspace.Admit(95);
        var generation = workspace.Generation(workspace.Admit(45));
        Assert.Equal(["purchase 100 → 100", "deduction -95 → 5", "deduction -5 → 0", "overage 0 → 0"], workspace.Lines);
        Assert.Equal((Amount(45), Amount(5), HalfADollar), (generation.Cost, generation.Charged, generation.Overage!.Price));
        Assert.Equal((0, 1L), (workspace.Balance, workspace.Account.Overage.Units));
        Assert.Equal(1, workspace.LastEntry.Metadata!["overage_units"].Number);
        Assert.Equal($"Video generation on overage: {generation.Id}", workspace.LastEntry.Description);
        Assert.Equal($"Video generation: {generation.Id}", workspace.Entries[^2].Description);
    }

    [Fact]
    public void While_the_credits_left_cover_it_there_is_no_overage()
    {
        var workspace = Of("bluma", plan: "starter");
        Assert.Null(workspace.Generation(workspace.Admit(100)).Overage);
        Assert.Equal((0, 0L), (workspace.Balance, workspace.Account.Overage.Units));
    }

    [Fact]
    public void Where_nothing_is_left_a_unit_takes_no_credits()
    {
        var workspace = Of("bluma", plan: "starter");
        workspace.Admit(100);
        var generation = workspace.Generation(workspace.Admit(0.001m));
        Assert.Empty(generation.Draws);
        Assert.Equal(["purchase 100 → 100", "deduction -100 → 0", "overage 0 → 0"], workspace.Lines);
        Assert.Equal(1, workspace.Account.Overage.Units);
    }

    [Fact]
    public void Overage_takes_all_that_is_left_bought_and_given_credits_too()
    {
        var workspace = Of("bluma", plan: "starter").Give(5);
        workspace.Buy(20, "pay_1");
        workspace.Admit(1000);
        Assert.Equal(["1 100", "2 5", "3 20"], workspace.Entries[^2].Draws!.Value.Select(draw => $"{draw.GrantId} {draw.Amount}").Order());
        Assert.Equal((0, 1L), (workspace.Balance, workspace.Account.Overage.Units));
    }

    [Fact]
    public void Test_keys_take_neither_credits_nor_units()
    {
        var workspace = Of("bluma", plan: "starter");
        workspace.Admit(95);
        var generation = Accepted(workspace.TryAdmit(45, testMode: true)).Items.Single().Generation!;
        Assert.True(generation is { Draws.IsEmpty: true, Overage: null });
        Assert.Equal((5, 0L), (workspace.Balance, workspace.Account.Overage.Units));
    }

    [Theory]
    [InlineData("bluma", "free", null)]
    [InlineData("bluma", "enterprise", 3000.0)]
    [InlineData("bloom", "plus", null)]
    public void Plans_without_overage_refuse(string product, string plan, double? credits)
    {
        var workspace = Of(product, plan: plan, credits: (decimal?)credits);
        Declined(RefusalCodes.InsufficientCredits, workspace.TryAdmit(workspace.Balance + 1));
    }

    [Fact]
    public void The_month_is_invoiced_once_when_it_is_over()
    {
        var workspace = Of("bluma", plan: "starter").Hear(EventTypes.OverageCharged);
        for (var i = 0; i < 3; i++)
        {
            workspace.Complete(workspace.Admit(101));
        }

        Assert.Empty(workspace.On("2025-11-30T23:59:59.999Z").Invoices);
        workspace.On("2025-12-01T00:00:00Z").CatchUp();
        var invoice = Assert.Single(workspace.Invoices);
        Assert.Equal(("inv:2025-11", "2025-11", null), (invoice.RowKey, invoice.Month, invoice.Currency));
        Assert.Equal([new OverageLine("starter", HalfADollar, 3)], invoice.Lines.AsEnumerable());
        Assert.Equal((new Money(150, "USD"), new Money(0, "USD"), At("2025-12-01T00:00:00Z")), (invoice.Total, invoice.Credit, invoice.CreatedAt));
        Assert.Equal(0, workspace.Account.Overage.Units);
        Assert.Equal([EventTypes.SubscriptionChanged, EventTypes.CreditsLow, EventTypes.CreditsExhausted, EventTypes.OverageCharged, EventTypes.CreditsRenewed], workspace.ForSeller.Select(one => one.Type));
        var told = Assert.Single(workspace.Events);
        Assert.Equal(
            """{"type":"overage.charged","timestamp":"2025-12-01T00:00:00Z","sequence":4,"data":{"month":"2025-11","units":3,"workspace_id":"#","total":{"amount_minor":150,"currency":"USD"}}}"""
                .Replace("#", workspace.Account.WorkspaceId, StringComparison.Ordinal),
            Encoding.UTF8.GetString(told.ToBody()));
        Assert.Single(workspace.On("2026-06-01T00:00:00Z").Invoices);
    }

    [Fact]
    public void The_month_is_the_calendars_not_the_subscriptions()
    {
        var workspace = Of("bluma", "2025-11-20T00:00:00Z", plan: "starter");
        workspace.Make(101);
        workspace.On("2025-12-02T00:00:00Z").Make(101);
        Assert.Equal(["2025-11"], workspace.Invoices.Select(invoice => invoice.Month));
        Assert.Equal(1, workspace.Account.Overage.Units);
        workspace.On("2025-12-25T00:00:00Z");
        Assert.Equal(1, workspace.Account.Overage.Units);
        workspace.On("2026-01-01T00:00:00Z");
        Assert.Equal(["2025-11", "2025-12"], workspace.Invoices.Select(invoice => invoice.Month));
    }

    [Fact]
    public void The_first_unit_of_a_month_closes_the_month_before()
    {
        var workspace = Of("bluma", plan: "starter");
        workspace.Make(1000);
        workspace.Now = At("2026-03-05T00:00:00Z");
        workspace.Make(1000);
        Assert.Equal(("2025-11", At("2025-12-01T00:00:00Z")), (workspace.Invoices.Single().Month, workspace.Invoices.Single().CreatedAt));
        Assert.Equal((CalendarMonth.Of(At("2026-03-05T00:00:00Z")), 1L), (workspace.Account.Overage.Month, workspace.Account.Overage.Units));
    }

    [Fact]
    public void A_month_without_overage_has_no_invoice() => Assert.Empty(Of("bluma", plan: "starter").On("2026-06-01T00:00:00Z").Invoices);

    [Fact]
    public void Units_of_two_plans_are_two_lines()
    {
        var workspace = Of("bluma", plan: "starter").Hear(EventTypes.OverageCharged);
        workspace.Make(101);
        workspace.Subscribe("pro").Make(101);
        workspace.Make(101);
        var lines = workspace.On("2025-12-01T00:00:00Z").Invoices.Single().Lines;
        Assert.Equal([new OverageLine("starter", HalfADollar, 1), new OverageLine("pro", HalfADollar, 2)], lines.AsEnumerable());
        Assert.Equal(3, workspace.Events.Single().Data["units"].Number);
    }

    [Fact]
    public void Overage_goes_on_while_paused_to_its_invoice_but_not_to_new_units()
    {
        var workspace = Of("bluma", plan: "starter");
        workspace.Make(101);
        workspace.Pay(PaymentStatus.Failed);
        Declined(RefusalCodes.PaymentRequired, workspace.TryAdmit(101));
        Assert.Equal(new Money(50, "USD"), workspace.On("2025-12-01T00:00:00Z").Invoices.Single().Total);
    }

    [Fact]
    public void What_the_units_cost_is_told_in_the_newest_currency_and_what_is_given_back_still_counts()
    {
        var month = CalendarMonth.Of(At("2025-11-01T00:00:00Z"));
        Assert.Null(OverageTab.Empty.Amount);
        var tab = OverageTab.Empty.Add(month, "starter", HalfADollar, 2).Add(month, "pro", new Money(45, "EUR"), 1).Add(month, "starter", new Money(40, "EUR"), 3);
        Assert.Equal((6L, new Money(165, "EUR")), (tab.Units, tab.Amount));
        var owed = tab.Owe(month, "starter", new Money(40, "EUR"));
        Assert.Equal((6L, new Money(165, "EUR")), (owed.Units, owed.Amount));
        var both = owed.Owe(month, "pro", new Money(45, "EUR"));
        Assert.Equal((6L, 4L), (both.Units, both.Lines.Sum(line => line.Units)));
        Assert.Equal([new OverageLine("pro", new Money(45, "EUR"), 1)], both.GiveBack(month, "starter", new Money(40, "EUR")).Owed!.Value.AsEnumerable());
        Assert.Equal((5L, new Money(125, "EUR")), (owed.GiveBack(month, "starter", new Money(40, "EUR")).Units, owed.GiveBack(month, "starter", new Money(40, "EUR")).Amount));
    }

    [Fact]
    public void A_unit_is_given_back_at_the_price_and_on_the_plan_that_it_was_taken_at()
    {
        var month = CalendarMonth.Of(At("2025-11-01T00:00:00Z"));
        var tab = OverageTab.Empty.Add(month, "starter", HalfADollar, 1).Add(month, "starter", new Money(60, "USD"), 1).Add(month, "pro", HalfADollar, 1);
        Assert.Equal(
            [new OverageLine("starter", HalfADollar, 1), new OverageLine("pro", HalfADollar, 1)],
            tab.Owe(month, "starter", new Money(60, "USD")).Lines.AsEnumerable());
        foreach (var (plan, price) in new[] { ("starter", new Money(70, "USD")), ("enterprise", HalfADollar) })
        {
            var credited = tab.Owe(month, plan, price);
            Assert.Equal((3, price.AmountMinor), (credited.Lines.Length, credited.Credit["USD"]));
            Assert.Same(tab, tab.GiveBack(month, plan, price));
        }

        Assert.Equal(50, tab.Owe(new CalendarMonth(month.Number - 1), "starter", HalfADollar).Credit["USD"]);
        var owed = tab.Owe(month, "starter", HalfADollar);
        Assert.Same(owed, owed.GiveBack(new CalendarMonth(month.Number - 1), "starter", HalfADollar));
        Assert.Same(owed, owed.GiveBack(month, "pro", HalfADollar));
        Assert.Equal((null, 2L), (owed.GiveBack(month, "starter", HalfADollar).Owed, owed.GiveBack(month, "starter", HalfADollar).Units));
    }

    [Fact]
    public void A_seller_who_changes_the_currency_within_a_month_invoices_in_each()
    {
        var tab = OverageTab.Empty
            .Add(CalendarMonth.Of(At("2025-11-01T00:00:00Z")), "starter", HalfADollar, 2)
            .Add(CalendarMonth.Of(At("2025-11-01T00:00:00Z")), "starter", new Money(45, "EUR"), 1);
        var workspace = Of("bluma", plan: "starter");
        var unit = new UnitOfWork(workspace.Account with { Overage = tab }, At("2025-12-01T00:00:00Z"));
        DueChanges.To(unit, workspace.Catalog);
        Assert.Equal(
            [("inv:2025-11", 100L), ("inv:2025-11:EUR", 45L)],
            unit.Written.Values.OfType<Invoice>().Select(invoice => (invoice.RowKey, invoice.Total.AmountMinor)));
        Assert.True(unit.Workspace.Overage.Lines.IsEmpty && unit.Workspace.Overage.Month is null);
    }
}
