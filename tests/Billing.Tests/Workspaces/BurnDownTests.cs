using Billing.Workspaces;
using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.Workspaces;

public sealed class BurnDownTests
{
    private static readonly DateTimeOffset Noon = At("2025-11-01T12:00:00Z");

    [Fact]
    public void Grants_stand_in_burn_down_order_however_they_came()
    {
        var ordered = new[]
        {
            Grant(9, GrantKind.TopUp, Noon), Grant(3, GrantKind.Plan, Noon.AddDays(1)), Grant(8, GrantKind.Plan, Noon.AddDays(1)), Grant(1, GrantKind.Bonus, Noon.AddDays(1)),
            Grant(5, GrantKind.Bonus, Noon.AddDays(2)), Grant(4, GrantKind.Bonus), Grant(6, GrantKind.Bonus), Grant(2, GrantKind.TopUp), Grant(7, GrantKind.TopUp),
        };
        var random = new Random(1);
        for (var round = 0; round < 200; round++)
        {
            var shuffled = ordered.ToArray();
            random.Shuffle(shuffled);
            Assert.Equal(ordered, BurnDown.Of(shuffled).All);
        }
    }

    [Fact]
    public void What_expires_first_burns_first_then_bonus_then_top_up_oldest_first()
    {
        var workspace = Of("bluma", plan: "starter");
        workspace.Buy(20, "pay_1");
        workspace.Give(10);
        workspace.Give(10, "2025-11-15T00:00:00Z");
        workspace.Give(10, "2026-06-01T00:00:00Z");
        workspace.Buy(30, "pay_2");
        workspace.Give(10);
        workspace.Admit(190);
        Assert.Equal(
            ["4 10", "1 100", "5 10", "3 10", "7 10", "2 20", "6 30"],
            workspace.LastEntry.Draws!.Value.Select(draw => $"{draw.GrantId} {draw.Amount}"));
        Assert.Equal(0, workspace.Balance);
    }

    [Fact]
    public void Of_two_that_end_together_the_allowance_burns_before_the_bonus()
    {
        var workspace = Of("bluma").Give(10, "2025-12-01T00:00:00Z");
        workspace.Admit(12);
        Assert.Equal((0, 8), (workspace.PlanCredits, workspace.BonusCredits));
    }

    [Fact]
    public void Spending_takes_from_the_first_until_nothing_is_left_of_it()
    {
        var (left, draws) = BurnDown.Of([Grant(1, GrantKind.Bonus), Grant(2, GrantKind.TopUp)]).Spend(Credits.Of(15));
        Assert.Equal([new Draw(1, GrantKind.Bonus, null, Credits.Of(10)), new Draw(2, GrantKind.TopUp, null, Credits.Of(5))], draws.AsEnumerable());
        Assert.Equal((1, Credits.Of(5)), (left.Count, left.Total));
        Assert.Null(left.Find(1));
        Assert.Equal(Credits.Of(5), left.Find(2)!.Left);
    }

    [Fact]
    public void Adding_to_a_grant_that_is_there_adds_to_what_is_left_of_it()
    {
        var grants = BurnDown.Of([Grant(1, GrantKind.Plan, Noon), Grant(1, GrantKind.Plan, Noon), Grant(2, GrantKind.Bonus) with { Left = Credits.Zero }]);
        Assert.Equal([Grant(1, GrantKind.Plan, Noon) with { Left = Credits.Of(20) }], grants.All);
        Assert.Equal(Credits.Of(20), grants.Total);
    }

    [Fact]
    public void A_grant_expires_at_its_instant_not_before()
    {
        var grants = BurnDown.Of([Grant(1, GrantKind.Plan, Noon), Grant(2, GrantKind.TopUp)]);
        Assert.Null(grants.FirstExpired(Noon.AddTicks(-1)));
        Assert.Equal(1, grants.FirstExpired(Noon)!.Id);
        Assert.Null(BurnDown.Of([Grant(2, GrantKind.TopUp)]).FirstExpired(DateTimeOffset.MaxValue));
        Assert.Null(BurnDown.Empty.FirstExpired(DateTimeOffset.MaxValue));
    }

    [Fact]
    public void Totals_by_kind_add_up()
    {
        var grants = BurnDown.Of([Grant(1, GrantKind.Plan, Noon), Grant(2, GrantKind.Bonus), Grant(3, GrantKind.Bonus), Grant(4, GrantKind.TopUp)]);
        Assert.Equal(
            (Credits.Of(10), Credits.Of(20), Credits.Of(10), Credits.Of(40)),
            (grants.TotalOf(GrantKind.Plan), grants.TotalOf(GrantKind.Bonus), grants.TotalOf(GrantKind.TopUp), grants.Total));
    }

    private static Grant Grant(long id, GrantKind kind, DateTimeOffset? expiresAt = null) => new(id, kind, Credits.Of(10), expiresAt);
}
