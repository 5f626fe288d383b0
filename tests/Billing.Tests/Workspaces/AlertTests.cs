using Billing.Events;
using Billing.Subscriptions;
using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.Workspaces;

public sealed class AlertTests
{
    private static readonly string[] Both = [EventTypes.CreditsLow, EventTypes.CreditsExhausted];

    [Fact]
    public void Credits_are_low_once_at_a_fifth_of_the_allowance()
    {
        var workspace = Of("bluma", plan: "starter").Hear(Both);
        workspace.Admit(79.999m);
        Assert.Empty(workspace.Events);
        workspace.Admit(0.001m);
        var low = Assert.Single(workspace.Events);
        Assert.Equal((EventTypes.CreditsLow, 20m, 100m), (low.Type, low.Data["credits"].Number, low.Data["monthly_allowance"].Number));
        Assert.Equal(Id, low.Data["workspace_id"].Text);
        workspace.Admit(5);
        workspace.Admit(5);
        Assert.Single(workspace.Events);
    }

    [Fact]
    public void One_spending_can_cross_both_lines()
    {
        var workspace = Of("bluma").Hear(Both);
        workspace.Admit(10);
        Assert.Equal(Both, workspace.Events.Select(told => told.Type));
        Declined(RefusalCodes.InsufficientCredits, workspace.TryAdmit(1));
        Assert.Equal(2, workspace.Events.Count);
    }

    [Fact]
    public void Credits_are_exhausted_at_the_first_refusal_even_with_some_left()
    {
        var workspace = Of("bluma").Hear(Both);
        Declined(RefusalCodes.InsufficientCredits, workspace.TryAdmit(11));
        Declined(RefusalCodes.InsufficientCredits, workspace.TryAdmit(11));
        Assert.Equal([EventTypes.CreditsExhausted], workspace.Events.Select(told => told.Type));
        Assert.Equal(10m, workspace.Events[0].Data["credits"].Number);
        var version = workspace.Account.Version;
        Declined(RefusalCodes.InsufficientCredits, workspace.TryAdmit(11));
        Assert.Equal(version, workspace.Account.Version);
    }

    [Fact]
    public void Credits_are_low_and_exhausted_at_the_first_overage_which_takes_them_all()
    {
        var workspace = Of("bluma", plan: "starter").Hear(Both);
        workspace.Admit(101);
        workspace.Admit(101);
        Assert.Equal(Both, workspace.Events.Select(told => told.Type));
        Assert.All(workspace.Events, told => Assert.Equal(0m, told.Data["credits"].Number));
    }

    [Fact]
    public void Credits_are_exhausted_at_the_first_overage_after_a_renewal_that_a_debt_took_whole()
    {
        var workspace = Of("bluma", plan: "starter");
        var topUp = workspace.Buy(100, "pay_1");
        workspace.Make(200);
        workspace.Reverse(topUp.Id);
        workspace.On("2025-12-01T00:00:00Z").Hear(Both);
        Assert.Equal((0, Credits.Zero), (workspace.Balance, workspace.Account.Debt));
        workspace.Admit(5);
        Assert.Equal([EventTypes.CreditsExhausted], workspace.Events.Select(told => told.Type));
    }

    [Fact]
    public void An_upgrade_at_once_arms_both_again_and_moves_the_line()
    {
        var workspace = Of("bloom", plan: "plus").Hear(Both);
        workspace.Admit(60);
        Assert.Equal(Both, workspace.Events.Select(told => told.Type));
        workspace.Subscribe("max").Admit(110);
        Assert.Equal((3, 40m, 200m), (workspace.Events.Count, workspace.Events[2].Data["credits"].Number, workspace.Events[2].Data["monthly_allowance"].Number));
    }

    [Fact]
    public void A_refused_item_of_a_batch_counts_as_a_refusal()
    {
        var workspace = Of("bluma").Hear(Both);
        Accepted(workspace.TryBatch(allOrNothing: false, 1, 100, 2));
        Assert.Equal([EventTypes.CreditsExhausted], workspace.Events.Select(told => told.Type));
    }

    [Fact]
    public void So_does_a_batch_of_which_nothing_is_admitted()
    {
        var workspace = Of("bluma").Hear(Both);
        Accepted(workspace.TryBatch(allOrNothing: false, 11, 12));
        Assert.Equal([EventTypes.CreditsExhausted], workspace.Events.Select(told => told.Type));
    }

    [Fact]
    public void Of_a_batch_that_leaves_little_and_is_refused_in_part_what_is_low_is_told_first()
    {
        var workspace = Of("bluma").Hear(Both);
        Accepted(workspace.TryBatch(allOrNothing: false, 100, 9));
        Assert.Equal(Both, workspace.Events.Select(told => told.Type));
    }

    [Theory]
    [InlineData("purchase")]
    [InlineData("grant")]
    [InlineData("refund")]
    [InlineData("renewal")]
    public void Added_credits_arm_both_again(string how)
    {
        var workspace = Of("bluma").Hear(Both);
        var id = workspace.Admit(10);
        _ = how switch
        {
            "purchase" => (object)workspace.Buy(20, "pay_1"),
            "grant" => workspace.Give(3),
            "refund" => workspace.FailAndRefund(id),
            _ => workspace.On("2025-12-01T00:00:00Z"),
        };
        Assert.Equal(2, workspace.Events.Count);
        workspace.Admit(workspace.Balance);
        Assert.Equal([.. Both, .. Both], workspace.Events.Select(told => told.Type));
    }

    [Fact]
    public void A_refusal_for_another_reason_or_of_a_test_says_nothing_of_credits()
    {
        var workspace = Of("gleam").Hear(Both);
        workspace.Admit(1);
        Declined(RefusalCodes.ConcurrencyLimit, workspace.TryAdmit(1));
        var tests = Of("bluma").Hear(Both);
        Accepted(tests.TryAdmit(5000, testMode: true));
        var paused = Of("bluma", plan: "starter").Hear(Both).Pay(PaymentStatus.Failed);
        Declined(RefusalCodes.PaymentRequired, paused.TryAdmit(5000));
        Assert.Empty(workspace.Events.Concat(tests.Events).Concat(paused.Events));
    }

    [Fact]
    public void Every_endpoint_has_its_own_threshold()
    {
        var workspace = Of("bluma", plan: "starter").Hear(50, Both).Hear(Both).Hear(0, Both);
        workspace.Admit(50);
        workspace.Admit(30);
        workspace.Admit(20);
        Assert.Equal(
            ["credits.low we_0", "credits.low we_1", "credits.low we_2", "credits.exhausted we_0 we_1 we_2"],
            workspace.Events.Select(told => $"{told.Type} {string.Join(' ', told.Targets)}"));
    }

    [Fact]
    public void Added_credits_arm_every_endpoint_again_told_or_not()
    {
        var workspace = Of("bluma", plan: "starter").Hear(50, Both).Hear(10, Both);
        workspace.Admit(60);
        workspace.Give(100).Admit(100);
        Assert.Equal(["we_0", "we_0"], workspace.Events.Select(told => string.Join(' ', told.Targets)));
        workspace.Admit(30);
        Assert.Equal("we_1", workspace.Events[^1].Targets.Single());
    }

    [Fact]
    public void Who_did_not_ask_is_not_told()
    {
        var workspace = Of("bluma").Hear(EventTypes.CreditsRenewed).Hear(EventTypes.CreditsExhausted);
        workspace.Admit(10);
        var told = Assert.Single(workspace.Events);
        Assert.Equal((EventTypes.CreditsExhausted, "we_1"), (told.Type, told.Targets.Single()));
    }

    [Fact]
    public void Without_a_plan_only_an_own_threshold_is_low()
    {
        var workspace = Of("bloom").Hear(Both).Hear(4, Both);
        workspace.Admit(9);
        Assert.Equal((EventTypes.CreditsLow, "we_1"), (workspace.Events.Single().Type, workspace.Events.Single().Targets.Single()));
    }

    [Fact]
    public void Credits_that_end_or_are_charged_back_make_credits_low_too()
    {
        var ended = Of("bloom").Give(30, "2025-11-15T00:00:00Z").Hear(12, Both);
        ended.On("2025-11-15T00:00:00Z");
        Assert.Equal([EventTypes.CreditsLow], ended.Events.Select(told => told.Type));

        var reversed = Of("bluma");
        var topUp = reversed.Buy(20, "pay_1");
        reversed.Hear(5, Both).Admit(10);
        Assert.Empty(reversed.Events);
        reversed.Reverse(topUp.Id);
        Assert.Equal(Both, reversed.Events.Select(told => told.Type));
    }

    [Fact]
    public void A_renewal_is_told_but_its_expired_credits_are_not_a_crossing()
    {
        var workspace = Of("bluma", plan: "starter").Hear(EventTypes.All.ToArray());
        workspace.On("2025-12-01T08:00:00Z");
        var renewed = Assert.Single(workspace.Events);
        Assert.Equal((EventTypes.CreditsRenewed, At("2025-12-01T00:00:00Z")), (renewed.Type, renewed.Timestamp));
        Assert.Equal((100m, "2026-01-01T00:00:00Z"), (renewed.Data["credits"].Number, renewed.Data["renews_at"].Text));
    }

    [Fact]
    public void A_top_up_and_a_refund_are_told()
    {
        var workspace = Of("bluma").Hear(EventTypes.CreditsToppedUp, EventTypes.GenerationRefunded);
        var topUp = workspace.Buy(20, "pay_1");
        Assert.Equal((topUp.Id, 20m, 30m), (workspace.Events[0].Data["top_up_id"].Text, workspace.Events[0].Data["amount"].Number, workspace.Events[0].Data["credits"].Number));
        var id = workspace.Admit(6);
        workspace.FailAndRefund(id);
        Assert.Equal((id, "server_error", 6m), (workspace.Events[1].Data["generation_id"].Text, workspace.Events[1].Data["reason"].Text, workspace.Events[1].Data["refunded"].Number));
        Assert.Equal(2, workspace.Events.Count);
    }

    [Fact]
    public void An_event_says_of_the_allowance_what_the_balance_says()
    {
        var workspace = Of("bloom", plan: "plus").Hear(EventTypes.CreditsExhausted).Cancel().On("2025-12-01T00:00:00Z");
        workspace.Admit(10);
        Assert.Equal((0m, Amount(0)), (workspace.Events.Single().Data["monthly_allowance"].Number, workspace.Account.MonthlyAllowance));
    }

    [Fact]
    public void What_was_given_back_is_told_with_its_overage_unit()
    {
        var workspace = Of("bluma", plan: "starter").Hear(EventTypes.GenerationRefunded);
        workspace.Make(100);
        workspace.FailAndRefund(workspace.Admit(7));
        var told = Assert.Single(workspace.Events);
        Assert.Equal((0m, 1m, new Money(50, "USD")), (told.Data["refunded"].Number, told.Data["overage_units"].Number, told.Total));
        workspace.FailAndRefund(workspace.On("2025-12-01T00:00:00Z").Admit(7));
        Assert.Equal((7m, 0m, null), (workspace.Events[1].Data["refunded"].Number, workspace.Events[1].Data["overage_units"].Number, workspace.Events[1].Total));
    }
}
