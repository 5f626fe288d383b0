using Billing.Catalogs;
using Billing.Subscriptions;
using Billing.Tests.Catalogs;
using Billing.Tests.Workspaces;
using Billing.Workspaces;
using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.ReportedElsewhere;

/// <summary>What went wrong in other systems with payments, disputes and refunds.</summary>
public sealed class PaidAndTakenBackTests
{
    // After a won dispute a real refund took back less: what had been reinstated still counted as taken.
    [Fact]
    public void A_refund_after_a_won_dispute_takes_everything_back()
    {
        var workspace = Of("bloom");
        var topUp = workspace.Buy(20, "pay_1");
        workspace.Reverse(topUp.Id, "dp_1");
        workspace.Reinstate(topUp.Id, "dp_1");
        workspace.Reverse(topUp.Id, "re_1");
        Assert.Equal((10, Amount(0)), (workspace.Balance, workspace.Account.Debt));
    }

    // Refund and charge-back of one payment together took more than had ever been granted.
    [Fact]
    public void A_part_refunded_and_the_rest_disputed_is_the_whole_and_no_more()
    {
        var workspace = Of("bloom");
        var topUp = workspace.Buy(20, "pay_1");
        workspace.Reverse(topUp.Id, "re_1", 5);
        Declined(RefusalCodes.Conflict, workspace.TryReverse(topUp.Id, "dp_1", 20));
        workspace.Reverse(topUp.Id, "dp_1");
        Assert.Equal((10, Amount(0)), (workspace.Balance, workspace.Account.Debt));
    }

    // A charged-back customer went on spending what was left of other credits.
    [Fact]
    public void Who_charged_back_what_is_spent_does_not_go_on_spending()
    {
        var workspace = Of("bluma", plan: "starter");
        var topUp = workspace.Buy(500, "pay_1");
        workspace.Make(590);
        workspace.Reverse(topUp.Id, "dp_1");
        Assert.Equal((0, Amount(490)), (workspace.Balance, workspace.Account.Debt));
        Declined(RefusalCodes.InsufficientCredits, workspace.TryAdmit(1));
    }

    // Each retry of a failed charge began the days of grace anew, so that nobody was ever paused.
    [Fact]
    public void Retries_that_fail_buy_no_further_days_of_grace()
    {
        var workspace = WithGrace();
        for (var day = 1; day <= 7; day++)
        {
            workspace.On($"2025-11-{day + 9:d2}T00:00:00Z").Pay(PaymentStatus.Failed, $"try_{day}");
            Assert.False(workspace.Subscription.Paused);
        }

        Assert.True(workspace.On("2025-11-17T00:00:00Z").Subscription.Paused);
    }

    // The first decline locked out a customer whom the provider was still charging with success.
    [Fact]
    public void Within_grace_a_later_try_succeeds_and_nobody_noticed()
    {
        var workspace = WithGrace().Pay(PaymentStatus.Failed, "try_1").On("2025-11-06T00:00:00Z");
        workspace.Admit(1);
        workspace.Pay(PaymentStatus.Succeeded, "try_2").On("2025-11-20T00:00:00Z");
        Assert.False(workspace.Subscription.Paused);
    }

    // Who paid the newest invoice stayed suspended for one that was older.
    [Fact]
    public void Who_pays_the_newest_goes_on_whatever_is_older()
    {
        var workspace = Of("bluma", plan: "starter").Pay(PaymentStatus.Failed, "inv_1").On("2025-12-01T00:00:00Z").Pay(PaymentStatus.Failed, "inv_2");
        Assert.False(workspace.Pay(PaymentStatus.Succeeded, "inv_2").Subscription.Paused);
        Assert.Equal(100, workspace.Balance);
    }

    // "Past due" came after "paid", was newer by the sender's clock, and suspended who had just paid.
    [Fact]
    public void News_that_is_newer_by_its_own_account_does_not_undo_a_success()
    {
        var workspace = Of("bluma", plan: "starter").On("2025-11-20T00:00:00Z").Pay(PaymentStatus.Succeeded, "inv_1", "2025-11-19T23:59:58Z");
        Repeated(workspace.TryPay(PaymentStatus.Failed, "inv_1", "2025-11-19T23:59:59Z"));
        Assert.False(workspace.Subscription.Paused);
    }

    // The statement showed a refund on the day on which its period began, not on the day on which it was made.
    [Fact]
    public void A_refund_stands_at_the_instant_at_which_it_was_given_back()
    {
        var workspace = Of("bluma", plan: "starter");
        var id = workspace.Admit(5);
        workspace.On("2025-11-01T00:59:59Z").Fail(id, "server_error");
        workspace.On("2025-11-03T00:00:00Z").CarryOutRefunds();
        Assert.Equal((EntryType.Refund, At("2025-11-03T00:00:00Z")), (workspace.LastEntry.Type, workspace.LastEntry.CreatedAt));
    }

    // Fell to the free plan for want of payment, and stayed locked out of what is free.
    [Fact]
    public void What_is_free_is_not_locked_for_what_was_not_paid()
    {
        var workspace = Of("gleam", plan: "pro").Pay(PaymentStatus.Failed).Cancel().On("2025-12-01T00:00:00Z");
        workspace.Admit(1);
        Repeated(workspace.TryPay(PaymentStatus.Failed));
        Assert.False(workspace.Pay(PaymentStatus.Refunded).Subscription.Paused);
    }

    private static LiveWorkspace WithGrace() => LiveWorkspace.Of(
        Catalog.Parse(Request.File("bluma", file => file["grace_days"] = 7)),
        At("2025-11-01T00:00:00Z"),
        new OpenWorkspace(Id, "bluma", "Studio", WorkspaceType.Personal, "starter"));
}
