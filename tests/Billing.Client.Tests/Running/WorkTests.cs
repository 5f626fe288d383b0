namespace Billing.Client.Tests.Running;

/// <summary>What the work returns or throws is what is settled.</summary>
public sealed class WorkTests
{
    [Theory]
    [InlineData(FailReasons.ContentPolicy, 4)]
    [InlineData(FailReasons.RenderingError, 10)]
    public async Task Work_may_say_that_it_failed(string reason, decimal credits)
    {
        await using var stage = await RunStage.StartAsync();
        var run = await stage.Process(out _).RunAsync(stage.Customer, RunStage.Request, (_, _) => Task.FromResult(WorkOutcome.Failed(reason)));
        Assert.Equal(reason, Assert.IsType<Run.Failed>(run).Generation.Reason);
        await stage.HasAsync(credits);
    }

    [Theory]
    [InlineData(FailReasons.ContentPolicy, 4)]
    [InlineData(FailReasons.InvalidInput, 10)]
    public async Task Or_throw_why_it_failed(string reason, decimal credits)
    {
        await using var stage = await RunStage.StartAsync();
        var thrown = await Assert.ThrowsAsync<GenerationFailedException>(
            () => stage.Process(out _).RunAsync(stage.Customer, RunStage.Request, (_, _) => throw new GenerationFailedException(reason)));
        Assert.Equal(reason, thrown.Reason);
        await stage.HasAsync(credits);
    }

    [Fact]
    public async Task Whoever_gives_up_during_the_work_is_given_back()
    {
        await using var stage = await RunStage.StartAsync();
        using var giveUp = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stage.Process(out _).RunAsync(
            stage.Customer,
            RunStage.Request,
            async (_, cancellation) =>
            {
                await giveUp.CancelAsync();
                await Task.Delay(Timeout.Infinite, cancellation);
                return WorkOutcome.Completed();
            },
            cancellation: giveUp.Token));
        await stage.HasAsync(10);
        Assert.Equal(GenerationStatus.Failed, (await NewestAsync(stage)).Status);
    }

    [Fact]
    public async Task What_is_delivered_is_settled_also_when_the_caller_gave_up()
    {
        await using var stage = await RunStage.StartAsync();
        using var giveUp = new CancellationTokenSource();
        var run = await stage.Process(out _).RunAsync(
            stage.Customer,
            RunStage.Request,
            async (generation, cancellation) =>
            {
                await giveUp.CancelAsync();
                return await stage.TwoOfThree(generation, cancellation);
            },
            cancellation: giveUp.Token);
        Assert.IsType<Run.Completed>(run);
        await stage.HasAsync(6);
    }

    [Fact]
    public async Task More_than_was_asked_for_is_a_mistake_of_the_work()
    {
        await using var stage = await RunStage.StartAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => stage.Process(out _).RunAsync(stage.Customer, RunStage.Request, (_, _) => Task.FromResult(WorkOutcome.Completed(4))));
        await stage.HasAsync(10);
    }

    [Fact]
    public async Task A_test_is_run_like_anything_else()
    {
        await using var stage = await RunStage.StartAsync();
        var run = await stage.Process(out _).RunAsync(Customer.OfWorkspace(stage.WorkspaceId, testMode: true), RunStage.Request, stage.TwoOfThree, "order-1");
        Assert.True(Assert.IsType<Run.Completed>(run).Generation.TestMode);
        run = await stage.Process(out _).RunAsync(Customer.OfWorkspace(stage.WorkspaceId, testMode: true), RunStage.Request, stage.TwoOfThree, "order-1");
        Assert.IsType<Run.AlreadySettled>(run);
        await stage.HasAsync(10);
    }

    private static async Task<Generation> NewestAsync(RunStage stage)
    {
        var line = await stage.Billing.Client.ListHistoryAsync(stage.Customer, new HistoryFilter { Type = "deduction" }).FirstAsync();
        return await stage.Billing.Client.GetGenerationAsync(stage.Customer, line.Metadata["generation_id"].GetString()!);
    }
}
