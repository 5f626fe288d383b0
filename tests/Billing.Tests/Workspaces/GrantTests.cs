using Billing.Subscriptions;
using Billing.Workspaces;
using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.Workspaces;

public sealed class GrantTests
{
    [Fact]
    public void A_bonus_without_an_end_stays()
    {
        var workspace = Of("bluma").Give(7.25m);
        Assert.Equal((EntryType.Grant, "Goodwill"), (workspace.LastEntry.Type, workspace.LastEntry.Description));
        Assert.Equal(7.25m, workspace.On("2030-01-01T00:00:00Z").BonusCredits);
    }

    [Fact]
    public void A_bonus_with_an_end_can_be_spent_until_then_and_ends_at_that_instant()
    {
        var workspace = Of("bloom").Give(5, "2025-11-20T12:00:00Z").On("2025-11-20T11:59:59.999Z");
        workspace.Admit(2);
        Assert.Equal(13, workspace.Balance);
        workspace.Now = At("2025-11-23T00:00:00Z");
        workspace.CatchUp();
        Assert.Equal(["deduction -2 → 13", "renewal_expiry -3 → 10"], workspace.Lines.TakeLast(2));
        Assert.Equal((At("2025-11-20T12:00:00Z"), "Bonus credits expired"), (workspace.LastEntry.CreatedAt, workspace.LastEntry.Description));
    }

    [Fact]
    public void A_spent_bonus_ends_without_a_word()
    {
        var workspace = Of("bloom").Give(5, "2025-11-20T12:00:00Z");
        workspace.Admit(5);
        Assert.Equal(3, workspace.On("2025-11-21T00:00:00Z").Entries.Count);
    }

    [Fact]
    public void Many_grants_that_end_together_all_end()
    {
        var workspace = Of("bloom");
        for (var i = 0; i < 40; i++)
        {
            workspace.Give(1, "2025-11-20T00:00:00Z");
        }

        Assert.Equal((10, 1), (workspace.On("2025-11-20T00:00:00Z").Balance, workspace.Account.Grants.Count));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_bonus_is_more_than_nothing(decimal credits) =>
        Assert.Contains("credits", Declined(RefusalCodes.InvalidRequest, Of("bloom").TryGive(credits)).Errors!.Keys);

    [Theory]
    [InlineData("2025-11-01T00:00:00Z")]
    [InlineData("2025-10-31T23:59:59Z")]
    public void A_bonus_ends_in_the_future(string expiresAt) =>
        Assert.Contains("expires_at", Declined(RefusalCodes.InvalidRequest, Of("bloom").TryGive(1, expiresAt)).Errors!.Keys);

    [Fact]
    public void Bonuses_of_a_thousand_million_credits_add_up_and_are_read_back()
    {
        var workspace = Of("bloom").Give(1_000_000_000).Give(1_000_000_000).Give(0.001m);
        Assert.Equal(2_000_000_010.001m, workspace.Balance);
        workspace.Admit(1_000_000_000);
        Assert.Equal(1_000_000_010.001m, workspace.Balance);
        var tooMuch = new GiveCredits(new Credits(Credits.Limit.Thousandths + 1), null, "Typo");
        Declined(RefusalCodes.InvalidRequest, workspace.Decide(unit => WorkspaceDecisions.Give(unit, tooMuch)));
    }
}
