namespace Billing.Client.Tests.Agreement;

public abstract partial class AgreementTests
{
    [Fact]
    public async Task A_test_is_decided_the_same_and_costs_nothing()
    {
        var buyer = await stage.BuyerAsync("bloom");
        var generation = await AdmitAsync(Customer.OfWorkspace(buyer.WorkspaceId, testMode: true), Stage.Images(4));
        Assert.Equal((true, 8, 0, true), (generation.TestMode, generation.Cost, generation.Charged.Credits, generation.Entitlements["watermark"].GetBoolean()));
        Assert.Equal(10, await CreditsAsync(buyer));
        Assert.Equal(ProblemCodes.InvalidRequest, (await RefusedAsync(Customer.OfWorkspace(buyer.WorkspaceId, testMode: true), Stage.Images(21))).Code);
    }

    [Fact]
    public async Task A_test_key_reaches_nothing_that_is_live()
    {
        var buyer = await stage.BuyerAsync("bloom");
        var (test, live) = (await stage.KeyAsync(buyer.AccountId, testMode: true), await AdmitAsync(buyer, Stage.Images(1)));
        Assert.Equal(ProblemCodes.NotFound, (await RefusedAsync(() => Client.GetGenerationAsync(test, live.Id))).Code);
        Assert.True((await AdmitAsync(test, Stage.Images(1))).TestMode);
    }

    [Fact]
    public async Task A_workspace_is_named_without_a_key()
    {
        var buyer = await stage.BuyerAsync("bloom");
        var generation = await AdmitAsync(Customer.OfWorkspace(buyer.WorkspaceId), Stage.Images(1));
        Assert.Equal((buyer.WorkspaceId, null, 8), (generation.WorkspaceId, generation.KeyId, generation.Credits));
    }

    [Fact]
    public async Task A_key_is_verified_and_says_what_its_plan_grants()
    {
        var buyer = await stage.BuyerAsync("bluma");
        var key = await Client.VerifyKeyAsync(buyer.Key);
        Assert.Equal((true, null, buyer.WorkspaceId, "production"), (key.Valid, key.Code, key.WorkspaceId, key.Environment));
        Assert.True(key.Entitlements["watermark"].GetBoolean());
        Assert.Equal((false, ProblemCodes.Unauthorized), await Client.VerifyKeyAsync("bluma_live_none") is var none ? (none.Valid, none.Code) : default);
    }

    [Fact]
    public async Task A_teams_workspace_is_charged_by_its_members()
    {
        var (owner, member) = (await stage.BuyerAsync("bluma"), await stage.BuyerAsync("bluma"));
        var team = await Operator.CreateWorkspaceAsync(owner.AccountId, "Team");
        await Operator.AddMemberAsync(team.WorkspaceId, member.AccountId);
        var request = new GenerationRequest { WorkspaceId = team.WorkspaceId, Parameters = { ["template_id"] = "news-anchor" } };
        Assert.Equal((team.WorkspaceId, member.AccountId), await AdmitAsync(member, request) is var made ? (made.WorkspaceId, made.MemberId) : default);
        await Operator.RemoveMemberAsync(team.WorkspaceId, member.AccountId);
        Assert.Equal(ProblemCodes.NotFound, (await RefusedAsync(member, request)).Code);
    }

    [Fact]
    public async Task What_was_said_about_a_generation_stays_with_it()
    {
        var buyer = await stage.BuyerAsync("bloom");
        var request = new GenerationRequest { Parameters = { ["size"] = "2K" }, Description = "A fox", Metadata = { ["order"] = "42" } };
        var generation = await Client.GetGenerationAsync(buyer, (await AdmitAsync(buyer, request)).Id);
        Assert.Equal(("A fox", "42"), (generation.Description, generation.Metadata!["order"]));
        var line = await Client.ListHistoryAsync(buyer, new HistoryFilter { Type = "deduction" }).FirstAsync();
        Assert.Equal(("A fox", "42", -1, 9), (line.Description, line.Metadata["order"].GetString(), line.Amount, line.BalanceAfter));
    }

    [Fact]
    public async Task The_history_is_whole_however_small_its_pages()
    {
        var buyer = await stage.BuyerAsync("bloom");
        for (var made = 0; made < 5; made++)
        {
            await AdmitAsync(buyer, Stage.Images(1, "2K"));
        }

        var lines = await Client.ListHistoryAsync(buyer, new HistoryFilter { PageSize = 2 }).ToListAsync();
        Assert.Equal([5, 6, 7, 8, 9, 10], lines.Select(line => line.BalanceAfter));
        var page = await Client.GetHistoryAsync(buyer, new HistoryFilter { PageSize = 4 });
        Assert.Equal((4, 6, true), (page.Transactions.Count, page.Total, page.NextCursor is not null));
        Assert.Equal(lines.Select(line => line.Id), await Operator.ListHistoryAsync(buyer.WorkspaceId).Select(line => line.Id).ToListAsync());
    }

    [Fact]
    public async Task A_balance_says_what_it_is_made_of()
    {
        var buyer = await stage.BuyerAsync("bloom", "plus");
        await Operator.TopUpAsync(buyer.WorkspaceId, 20, "pay_1");
        var balance = await Client.GetCreditsAsync(buyer);
        Assert.Equal((80, 50, 20, 10), (balance.Credits, balance.PlanCredits, balance.TopUpCredits, balance.BonusCredits));
        Assert.Equal(["plan", "bonus", "top_up"], balance.Grants.Select(grant => grant.Kind));
        Assert.Equal(("plus", "active"), (balance.Plan, balance.PlanStatus));
    }

    [Fact]
    public async Task A_run_charges_what_its_work_delivers()
    {
        var buyer = await stage.BuyerAsync("bloom");
        var run = await Client.RunAsync(buyer, Stage.Images(3), (_, _) => Task.FromResult(WorkOutcome.Completed(1)), "order-1");
        Assert.Equal(1, Assert.IsType<Run.Completed>(run).Generation.SucceededUnits);
        await HasAsync(buyer, 8);
        var again = await Client.RunAsync(buyer, Stage.Images(3), (_, _) => throw new InvalidOperationException("It must not run again."), "order-1");
        Assert.Equal(GenerationStatus.Completed, Assert.IsType<Run.AlreadySettled>(again).Generation.Status);
    }

    [Fact]
    public async Task A_run_whose_work_throws_costs_nothing()
    {
        var buyer = await stage.BuyerAsync("bloom");
        await Assert.ThrowsAsync<TimeoutException>(() => Client.RunAsync(buyer, Stage.Images(3), (_, _) => throw new TimeoutException()));
        await HasAsync(buyer, 10);
    }

    [Fact]
    public async Task A_run_that_is_refused_does_no_work()
    {
        var run = await Client.RunAsync(await stage.BuyerAsync("bloom"), Stage.Images(8), (_, _) => throw new InvalidOperationException("It must not run."));
        Assert.Equal(ProblemCodes.InsufficientCredits, Assert.IsType<Run.Refused>(run).Problem.Code);
    }
}
