using Billing.Subscriptions;
using Billing.TopUps;
using Billing.Workspaces;
using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.Workspaces;

public sealed class TopUpTests
{
    [Fact]
    public void A_top_up_adds_credits_that_never_expire()
    {
        var workspace = Of("bluma", plan: "starter");
        var topUp = workspace.Buy(50, "pay_1");
        Assert.Equal((Amount(50), "pay_1", 2L), (topUp.Credits, topUp.Reference, topUp.GrantId));
        Assert.Equal("Top-up: 50 credits", workspace.LastEntry.Description);
        Assert.Equal(("pay_1", topUp.Id), (workspace.LastEntry.Metadata!["reference"].Text, workspace.LastEntry.Metadata["top_up_id"].Text));
        Assert.Equal((150, 50), (workspace.Balance, workspace.TopUpCredits));
        Assert.Equal(50, workspace.On("2035-11-01T00:00:00Z").TopUpCredits);
    }

    [Fact]
    public void The_same_reference_counts_once()
    {
        var workspace = Of("bloom");
        var first = workspace.Buy(50, "pay_1");
        Assert.Equal(first, Repeated(workspace.TryBuy(50, "pay_1")));
        Assert.NotEqual(first.Id, workspace.Buy(50, "pay_2").Id);
        Assert.Equal(110, workspace.Balance);
    }

    [Fact]
    public void The_same_reference_for_another_amount_is_a_conflict()
    {
        var workspace = Of("bloom");
        workspace.Buy(50, "pay_1");
        Assert.Equal("The payment pay_1 was for 50 credits already.", Declined(RefusalCodes.Conflict, workspace.TryBuy(51, "pay_1")).Detail);
        Declined(RefusalCodes.Conflict, workspace.TryBuy(5000, "pay_1"));
        Assert.Equal(60, workspace.Balance);
    }

    [Fact]
    public void What_was_paid_stays_with_the_credits_and_goes_with_each_draw()
    {
        var workspace = Of("bloom");
        var topUp = workspace.Buy(50, "pay_1", cents: 1_999);
        Assert.Equal((new Money(1_999, "USD"), "operator"), (topUp.Paid, topUp.Source));
        var basis = new Basis(1_999, 50_000, "USD");
        Assert.Equal([new Draw(topUp.GrantId, GrantKind.TopUp, null, Amount(50), basis)], workspace.LastEntry.Draws!.Value.AsEnumerable());
        var generation = workspace.Generation(workspace.Admit(15));
        Assert.Equal([null, basis], generation.Draws.Select(draw => draw.Basis));
        Assert.Equal(generation.Draws.AsEnumerable(), workspace.LastEntry.Draws!.Value);
        workspace.FailAndRefund(generation.Id);
        Assert.Equal([basis, null], workspace.LastEntry.Draws!.Value.Select(draw => draw.Basis));
        Assert.Equal([null, basis], workspace.Account.Grants.All.Select(grant => grant.Basis));
    }

    [Fact]
    public void One_payment_is_of_one_sum()
    {
        var workspace = Of("bloom");
        workspace.Buy(50, "pay_1", cents: 2_000);
        Repeated(workspace.TryBuy(50, "pay_1", cents: 2_000));
        Declined(RefusalCodes.Conflict, workspace.TryBuy(50, "pay_1", cents: 2_001));
        Assert.Equal("Of the payment pay_1 it was said otherwise what was paid.", Declined(RefusalCodes.Conflict, workspace.TryBuy(50, "pay_1")).Detail);
        Assert.Null(workspace.Buy(20, "pay_2", cents: 0).Grant(Amount(1)).Basis);
        Assert.Null(workspace.Buy(20, "pay_3").Paid);
    }

    [Fact]
    public void What_comes_back_in_place_of_ended_credits_cost_nothing()
    {
        var workspace = Of("bluma", plan: "starter");
        var id = workspace.Admit(10);
        Assert.Equal("29/1000USD", workspace.LastEntry.Draws!.Value.Single().Basis.ToString());
        workspace.Fail(id, "server_error");
        workspace.On("2025-12-01T00:00:00Z").CarryOutRefunds();
        Assert.Equal((GrantKind.Bonus, null), workspace.LastEntry.Draws!.Value.Single() is var draw ? (draw.Kind, draw.Basis) : default);
    }

    [Fact]
    public void What_ends_and_what_repays_a_debt_say_at_what_cost()
    {
        var workspace = Of("bluma", plan: "starter").On("2025-12-01T00:00:00Z");
        Assert.Equal(["renewal_expiry 29/1000USD", "purchase 29/1000USD"], Costs(workspace, 2));
        var topUp = workspace.Buy(20, "pay_1", cents: 999);
        workspace.Admit(115);
        workspace.Reverse(topUp.Id);
        workspace.Buy(50, "pay_2", cents: 1_000);
        Assert.Equal(["adjustment 999/20000USD", "purchase 1/50USD", "adjustment 1/50USD"], Costs(workspace, 3));
    }

    private static IEnumerable<string> Costs(LiveWorkspace workspace, int entries) =>
        workspace.Entries.TakeLast(entries).Select(entry => $"{entry.Type.Name()} {entry.Draws!.Value.Single().Basis}");

    [Theory]
    [InlineData(19.999, false)]
    [InlineData(20, true)]
    [InlineData(33.5, true)]
    [InlineData(200, true)]
    [InlineData(200.001, false)]
    [InlineData(0, false)]
    [InlineData(-20, false)]
    public void A_top_up_has_from_20_to_200_credits(double credits, bool sold)
    {
        var outcome = Of("bloom").TryBuy((decimal)credits, "pay_1");
        Assert.Equal(sold, outcome is Outcome<TopUp>.Accepted);
        if (!sold)
        {
            Assert.Contains("credits", Declined(RefusalCodes.InvalidRequest, outcome).Errors!.Keys);
        }
    }

    [Fact]
    public void References_of_any_length_and_script_are_told_apart()
    {
        var workspace = Of("bloom");
        foreach (var reference in new[] { "pay_1", "pay_1 ", "PAY_1", "bezahlt 1 €", new string('x', 255), new string('x', 254) })
        {
            Assert.True(Ids.TryParse("top", workspace.Buy(20, reference).Id, out var workspaceId, out _));
            Assert.Equal(Id, workspaceId);
        }

        Assert.Equal(130, workspace.Balance);
    }

    [Fact]
    public void A_workspace_holds_at_most_2000_grants()
    {
        var workspace = Of(Billing.Catalogs.CatalogSet.Shipped["bloom"], At("2025-11-01T00:00:00Z"), new OpenWorkspace(Id, "bloom", "Studio", WorkspaceType.Team), thorough: false);
        foreach (var references in Enumerable.Range(0, BurnDown.MaxGrants).Select(number => $"pay_{number}").Chunk(40))
        {
            Accepted(workspace.Decide(unit => references.Select(reference => TopUpDecisions.Buy(unit, workspace.Catalog, new BuyCredits(Amount(20), reference))).ToList()[^1]));
        }

        Assert.Equal(BurnDown.MaxGrants, workspace.Account.Grants.Count);
        Declined(RefusalCodes.Conflict, workspace.TryBuy(20, "pay_more"));
        Declined(RefusalCodes.InvalidRequest, workspace.TryBuy(19, "pay_more"));
        Declined(RefusalCodes.Conflict, workspace.TryGive(20));
        Assert.Equal("The workspace holds 2000 grants with credits left; no more can be added.", Declined(RefusalCodes.Conflict, workspace.TryAdjust(20)).Detail);
        Accepted(workspace.TryAdjust(-1));
        Repeated(workspace.TryBuy(20, "pay_7"));
        workspace.Admit(20);
        workspace.Buy(20, "pay_more");
    }
}
