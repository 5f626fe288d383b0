namespace Billing.Client.Tests.Agreement;

public abstract partial class AgreementTests
{
    [Fact]
    public async Task A_repeat_gets_the_stored_answer_and_says_so()
    {
        var buyer = await stage.BuyerAsync("bloom");
        var first = await AdmitAsync(buyer, Stage.Images(1), "order-1");
        await Client.CompleteAsync(first.Id);
        var again = await AdmitAsync(buyer, Stage.Images(1), "order-1");
        Assert.Equal((first.Id, GenerationStatus.Running), (again.Id, again.Status));
        Assert.Equal((false, true), (first.Replayed, again.Replayed));
        Assert.NotEqual(first.RequestId, again.RequestId);
        Assert.Equal(8, await CreditsAsync(buyer));
    }

    [Fact]
    public async Task A_key_names_one_request()
    {
        var buyer = await stage.BuyerAsync("bloom");
        await AdmitAsync(buyer, Stage.Images(1), "order-1");
        Assert.Equal((422, ProblemCodes.IdempotencyKeyReused), await RefusedAsync(buyer, Stage.Images(2), "order-1") is var problem ? (problem.Status, problem.Code) : default);
    }

    [Fact]
    public async Task A_refusal_is_not_kept()
    {
        var buyer = await stage.BuyerAsync("bloom");
        await RefusedAsync(buyer, Stage.Images(8), "order-1");
        await Operator.TopUpAsync(buyer.WorkspaceId, 20, "pay_1");
        Assert.False((await AdmitAsync(buyer, Stage.Images(8), "order-1")).Replayed);
    }

    [Fact]
    public async Task A_batch_is_charged_at_once_and_repeated_as_one()
    {
        var buyer = await stage.BuyerAsync("bloom");
        var batch = await Client.AdmitBatchAsync(buyer, [Stage.Images(1), Stage.Images(3)], idempotencyKey: "batch-1");
        Assert.Equal((8, 2), (batch.Charged.Credits, batch.Credits));
        var again = await Client.AdmitBatchAsync(buyer, [Stage.Images(1), Stage.Images(3)], idempotencyKey: "batch-1");
        Assert.Equal((batch.Id, true), (again.Id, again.Replayed));
        Assert.Equal(2, await CreditsAsync(buyer));
    }

    [Fact]
    public async Task A_batch_of_all_or_nothing_names_the_item_that_refuses_it()
    {
        var buyer = await stage.BuyerAsync("bloom");
        var problem = await RefusedAsync(() => Client.AdmitBatchAsync(buyer, [Stage.Images(1), Stage.Images(8)]));
        Assert.Equal((ProblemCodes.InsufficientCredits, 1), (problem.Code, problem.Data!.Index));
        Assert.Equal(10, await CreditsAsync(buyer));
    }

    [Fact]
    public async Task A_batch_of_best_effort_admits_what_it_can()
    {
        var buyer = await stage.BuyerAsync("bloom");
        var batch = await Client.AdmitBatchAsync(buyer, [Stage.Images(1), Stage.Images(8), Stage.Of("size", "8K"), Stage.Images(2)], BatchMode.BestEffort);
        Assert.Equal([null, ProblemCodes.InsufficientCredits, ProblemCodes.InvalidRequest, null], batch.Results.Select(item => item.Code));
        Assert.Equal(4, batch.Credits);
    }

    [Fact]
    public async Task A_top_up_counts_once_by_its_reference()
    {
        var buyer = await stage.BuyerAsync("bloom");
        var first = await Operator.TopUpAsync(buyer.WorkspaceId, 20, "pay_1", new Money(500, "USD"));
        Assert.Equal(first.Id, (await Operator.TopUpAsync(buyer.WorkspaceId, 20, "pay_1", new Money(500, "USD"))).Id);
        Assert.Equal(30, await CreditsAsync(buyer));
        Assert.Equal(ProblemCodes.Conflict, (await RefusedAsync(() => Operator.TopUpAsync(buyer.WorkspaceId, 40, "pay_1"))).Code);
    }

    [Fact]
    public async Task An_account_is_opened_once_by_the_sellers_id()
    {
        var account = new NewAccount("bloom", "Ada", "ada@example.com") { ExternalId = Guid.NewGuid().ToString() };
        var first = await Operator.CreateAccountAsync(account);
        Assert.Equal((first.AccountId, first.WorkspaceId), await Operator.CreateAccountAsync(account) is var again ? (again.AccountId, again.WorkspaceId) : default);
        Assert.Equal(ProblemCodes.Conflict, (await RefusedAsync(() => Operator.CreateAccountAsync(account with { Name = "Eve" }))).Code);
        Assert.Equal(first.AccountId, Assert.Single((await Operator.FindAccountsAsync(account.ExternalId)).Accounts).AccountId);
    }
}
