using Billing.Workspaces;
using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.ReportedElsewhere;

public sealed class CreditTests
{
    // Of two grants with the same interval the older was spent first, and the other ran out unspent.
    [Fact]
    public void What_ends_sooner_is_spent_first_whenever_it_came()
    {
        var workspace = Of("bloom").Give(10, "2025-12-24T00:00:00Z").Give(10, "2025-11-24T00:00:00Z");
        workspace.Complete(workspace.Admit(10));
        Assert.Equal(20, workspace.On("2025-11-24T00:00:00Z").Balance);
    }

    // Credits were ended by a job of the subscription's: who had no subscription could spend them for months after their end.
    [Fact]
    public void Without_a_subscription_credits_end_all_the_same()
    {
        var workspace = Of("bloom").Give(10, "2025-11-24T00:00:00Z");
        workspace.Now = At("2025-11-24T00:00:00Z");
        Declined(RefusalCodes.InsufficientCredits, workspace.TryAdmit(11));
        Assert.Equal("renewal_expiry -10 → 10", workspace.Lines.Last());
    }

    // The gate counted credits as gone that settling then took first, in place of the bought ones.
    [Fact]
    public void After_a_missed_renewal_nothing_is_drawn_from_the_former_allowance()
    {
        var workspace = Of("bluma", plan: "starter");
        workspace.Buy(20, "pay_1");
        workspace.Now = At("2026-03-05T00:00:00Z");
        var draw = Assert.Single(workspace.Generation(workspace.Admit(4)).Draws);
        Assert.Equal((GrantKind.Plan, At("2026-04-01T00:00:00Z")), (draw.Kind, draw.ExpiresAt));
        Assert.Equal((96, 20), (workspace.PlanCredits, workspace.TopUpCredits));
    }

    // A top-up was added to a grant that was about to end, and was gone the next day.
    [Fact]
    public void What_is_bought_does_not_end_with_what_was_given()
    {
        var workspace = Of("bloom").Give(5, "2025-11-02T00:00:00Z");
        workspace.Buy(20, "pay_1");
        Assert.Equal((20, 10), (workspace.On("2035-01-01T00:00:00Z").TopUpCredits, workspace.BonusCredits));
    }

    // "Never" was written as the last day of the year 9999, and the first sum beyond it broke the account.
    [Fact]
    public void Credits_may_end_in_the_last_millisecond_that_there_is()
    {
        var workspace = Of("bluma", plan: "starter").Give(5, "9999-12-31T23:59:59.999Z");
        workspace.FailAndRefund(workspace.Admit(105));
        Assert.Equal((100, 5), (workspace.On("2025-12-01T00:00:00Z").PlanCredits, workspace.BonusCredits));
    }

    // The least and the most that can be bought were compared after rounding, or only on the page.
    [Theory]
    [InlineData("bloom", 19.999, 20, 200, 200.001)]
    [InlineData("bluma", 9.999, 10, 1_000, 1_000.001)]
    public void A_top_up_is_within_its_bounds_to_the_thousandth(string product, double below, double least, double most, double above)
    {
        var workspace = Of(product);
        Declined(RefusalCodes.InvalidRequest, workspace.TryBuy((decimal)below, "pay_1"));
        Declined(RefusalCodes.InvalidRequest, workspace.TryBuy((decimal)above, "pay_2"));
        workspace.Buy((decimal)least, "pay_1");
        workspace.Buy((decimal)most, "pay_2");
        Assert.Equal((decimal)(least + most), workspace.TopUpCredits);
    }

    // Every request below the threshold rang the alarm again.
    [Fact]
    public void Credits_are_low_once_and_used_up_once()
    {
        var workspace = Of("bluma", plan: "starter").Hear("credits.low", "credits.exhausted");
        workspace.Admit(79);
        for (var left = 21; left > 0; left--)
        {
            workspace.Admit(1);
        }

        workspace.Admit(1);
        workspace.Admit(1);
        Assert.Equal(["credits.low", "credits.exhausted"], workspace.Events.Select(told => told.Type));
    }
}
