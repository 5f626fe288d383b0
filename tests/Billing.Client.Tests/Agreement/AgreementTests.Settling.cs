namespace Billing.Client.Tests.Agreement;

public abstract partial class AgreementTests
{
    [Fact]
    public async Task What_is_admitted_is_charged_and_runs_for_an_hour()
    {
        var buyer = await stage.BuyerAsync("bloom");
        var generation = await AdmitAsync(buyer, Stage.Images(3));
        Assert.Equal((GenerationStatus.Running, 6, 4, buyer.WorkspaceId), (generation.Status, generation.Charged.Credits, generation.Credits, generation.WorkspaceId));
        Assert.Equal((stage.Now, stage.Now.AddHours(1)), (generation.CreatedAt, generation.ExpiresAt));
        Assert.Equal((buyer.AccountId, true), (generation.MemberId, generation.KeyId is not null));
        Assert.Equal(1, (await Client.GetCreditsAsync(buyer)).Running);
    }

    [Fact]
    public async Task What_was_not_delivered_is_given_back()
    {
        var buyer = await stage.BuyerAsync("bloom");
        var generation = await Client.CompleteAsync((await AdmitAsync(buyer, Stage.Images(3))).Id, 2);
        Assert.Equal((GenerationStatus.Completed, 2, 2), (generation.Status, generation.SucceededUnits, generation.Refund!.Amount));
        await HasAsync(buyer, 6);
    }

    [Theory]
    [InlineData(FailReasons.ServerError, 10)]
    [InlineData(FailReasons.RenderingError, 10)]
    [InlineData(FailReasons.InvalidInput, 10)]
    [InlineData(FailReasons.UserError, 4)]
    [InlineData(FailReasons.ContentPolicy, 4)]
    public async Task What_failed_is_given_back_unless_it_was_the_customers_doing(string reason, int credits)
    {
        var buyer = await stage.BuyerAsync("bloom");
        var generation = await Client.FailAsync((await AdmitAsync(buyer, Stage.Images(3))).Id, reason);
        Assert.Equal((GenerationStatus.Failed, reason), (generation.Status, generation.Reason));
        await HasAsync(buyer, credits);
    }

    [Fact]
    public async Task The_first_settlement_stands_and_the_same_again_changes_nothing()
    {
        var generation = await AdmitAsync(await stage.BuyerAsync("bloom"), Stage.Images(3));
        await Client.CompleteAsync(generation.Id, 3);
        Assert.Equal(GenerationStatus.Completed, (await Client.CompleteAsync(generation.Id)).Status);
        Assert.Equal(ProblemCodes.AlreadySettled, (await RefusedAsync(() => Client.FailAsync(generation.Id, FailReasons.ServerError))).Code);
        Assert.Equal(ProblemCodes.AlreadySettled, (await RefusedAsync(() => Client.CompleteAsync(generation.Id, 2))).Code);
        Assert.Equal(ProblemCodes.AlreadySettled, (await RefusedAsync(() => Client.HeartbeatAsync(generation.Id))).Code);
    }

    [Fact]
    public async Task More_than_was_asked_for_is_not_delivered()
    {
        var generation = await AdmitAsync(await stage.BuyerAsync("bloom"), Stage.Images(3));
        Assert.Contains("succeeded_units", (await RefusedAsync(() => Client.CompleteAsync(generation.Id, 4))).Errors!);
    }

    [Fact]
    public async Task What_nobody_settles_expires_and_is_given_back()
    {
        var buyer = await stage.BuyerAsync("bloom");
        var generation = await AdmitAsync(buyer, Stage.Images(3));
        await stage.AdvanceAsync(TimeSpan.FromMinutes(61));
        Assert.Equal(GenerationStatus.Expired, (await Client.GetGenerationAsync(buyer, generation.Id)).Status);
        await HasAsync(buyer, 10);
        Assert.Equal(ProblemCodes.AlreadySettled, (await RefusedAsync(() => Client.CompleteAsync(generation.Id))).Code);
    }

    [Fact]
    public async Task A_heartbeat_gives_another_hour()
    {
        var generation = await AdmitAsync(await stage.BuyerAsync("bloom"), Stage.Images(3));
        await stage.AdvanceAsync(TimeSpan.FromMinutes(50));
        Assert.Equal(stage.Now.AddHours(1), (await Client.HeartbeatAsync(generation.Id)).ExpiresAt);
        await stage.AdvanceAsync(TimeSpan.FromMinutes(50));
        Assert.Equal(GenerationStatus.Completed, (await Client.CompleteAsync(generation.Id)).Status);
    }

    [Fact]
    public async Task Many_are_settled_at_once_and_each_by_itself()
    {
        var buyer = await stage.BuyerAsync("bloom", "plus");
        var ids = (await Client.AdmitBatchAsync(buyer, [Stage.Images(2), Stage.Images(3)])).Results.Select(item => item.Id!).ToList();
        Settlement[] items = [Settlement.Completed(ids[0], 1), Settlement.Failed(ids[1], FailReasons.ServerError), Settlement.Failed(ids[0], FailReasons.ServerError), Settlement.Completed("gen_0000")];
        var settled = await Client.SettleAsync(items);
        Assert.Equal([null, null, ProblemCodes.AlreadySettled, ProblemCodes.NotFound], settled.Results.Select(item => item.Code));
        await HasAsync(buyer, 58);
    }

    [Fact]
    public async Task A_refund_that_is_asked_for_waits_for_the_operator()
    {
        var buyer = await stage.BuyerAsync("bloom");
        var generation = await AdmitAsync(buyer, Stage.Images(3));
        await Client.CompleteAsync(generation.Id);
        var refund = await Client.RequestRefundAsync(buyer, generation.Id, "quality_issue", "All black");
        Assert.Equal(("pending_review", "All black", 6), (refund.Status, refund.Note, refund.Credits));
        Assert.Equal(refund.Id, Assert.Single((await Operator.ListRefundsAsync(buyer.WorkspaceId)).Refunds).Id);
        await Operator.ApproveRefundAsync(refund.Id);
        await stage.SeeAsync(() => Client.GetRefundAsync(buyer, refund.Id), seen => seen.Status == "succeeded");
        Assert.Equal(10, await CreditsAsync(buyer));
    }

    [Fact]
    public async Task A_refund_that_is_denied_gives_nothing_back()
    {
        var buyer = await stage.BuyerAsync("bloom");
        var generation = await AdmitAsync(buyer, Stage.Images(3));
        await Client.CompleteAsync(generation.Id);
        var refund = await Client.RequestRefundAsync(buyer, generation.Id, "technical_problem");
        Assert.Equal("denied", (await Operator.DenyRefundAsync(refund.Id)).Status);
        Assert.Equal(4, await CreditsAsync(buyer));
    }

    [Fact]
    public async Task Some_reasons_are_none_for_a_refund()
    {
        var buyer = await stage.BuyerAsync("bloom");
        var generation = await AdmitAsync(buyer, Stage.Images(3));
        await Client.CompleteAsync(generation.Id);
        Assert.Equal((422, ProblemCodes.RefundNotEligible), await RefusedAsync(() => Client.RequestRefundAsync(buyer, generation.Id, "not_as_expected")) is var problem ? (problem.Status, problem.Code) : default);
    }
}
