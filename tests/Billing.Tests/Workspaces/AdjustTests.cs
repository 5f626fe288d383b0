using Billing.Events;
using Billing.Workspaces;
using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.Workspaces;

public sealed class AdjustTests
{
    [Fact]
    public void Credits_that_are_added_never_end()
    {
        var workspace = Of("bluma");
        var entry = Accepted(workspace.TryAdjust(7.25m));
        Assert.Equal((EntryType.Adjustment, Amount(7.25m), Amount(17.25m), "Corrected"), (entry.Type, entry.Amount, entry.BalanceAfter, entry.Description));
        Assert.Equal(7.25m, workspace.On("2030-01-01T00:00:00Z").BonusCredits);
    }

    [Fact]
    public void Credits_that_are_taken_burn_down_in_the_same_order_as_those_that_are_spent()
    {
        var workspace = Of("bluma").Give(5, "2025-11-20T00:00:00Z");
        workspace.Buy(20, "pay_1");
        var entry = Accepted(workspace.TryAdjust(-17));
        Assert.Equal((EntryType.Adjustment, Amount(-17), Amount(18), "Corrected"), (entry.Type, entry.Amount, entry.BalanceAfter, entry.Description));
        Assert.Equal(["2 5", "1 10", "3 2"], entry.Draws!.Value.Select(draw => $"{draw.GrantId} {draw.Amount}"));
        Assert.Equal(Amount(0), workspace.Usage.Spent);
    }

    [Fact]
    public void All_that_is_left_can_be_taken_and_no_more()
    {
        var workspace = Of("bluma");
        Assert.Equal("Only 10 credits are left to take.", Declined(RefusalCodes.Conflict, workspace.TryAdjust(-10.001m)).Detail);
        Accepted(workspace.TryAdjust(-9));
        Assert.Equal("Only 1 credit is left to take.", Declined(RefusalCodes.Conflict, workspace.TryAdjust(-2)).Detail);
        Accepted(workspace.TryAdjust(-1));
        Assert.Equal(0, workspace.Balance);
    }

    [Fact]
    public void Nothing_is_no_adjustment() =>
        Assert.Contains("credits", Declined(RefusalCodes.InvalidRequest, Of("bluma").TryAdjust(0)).Errors!.Keys);

    [Fact]
    public void Who_has_little_left_after_it_is_told()
    {
        var workspace = Of("bluma").Hear(EventTypes.CreditsLow, EventTypes.CreditsExhausted);
        Accepted(workspace.TryAdjust(-8));
        Assert.Equal([EventTypes.CreditsLow], workspace.Events.Select(told => told.Type));
    }
}
