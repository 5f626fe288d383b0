namespace Billing.Client.Tests.Running;

/// <summary>A run keeps its generation alive for as long as the work takes, and hears when it is over.</summary>
public sealed class HeartbeatTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Work_may_take_longer_than_a_generation_lives()
    {
        await using var stage = await RunStage.StartAsync();
        var client = stage.Process(out var line, stage.Billing.Clock);
        var run = await client.RunAsync(stage.Customer, RunStage.Request, async (generation, cancellation) =>
        {
            await stage.Billing.AdvanceAsync(TimeSpan.FromHours(5));
            return await stage.TwoOfThree(generation, cancellation);
        });
        Assert.IsType<Run.Completed>(run);
        Assert.InRange(line.Calls, 2 + 9, 2 + 15); // every 20 minutes, and a little late
        await stage.HasAsync(6);
    }

    [Theory]
    [InlineData(Fault.RequestLost)]
    [InlineData(Fault.AnswerCut)]
    [InlineData(Fault.BadGateway)]
    [InlineData(Fault.Hanging)]
    public async Task Heartbeats_that_fail_are_tried_again(Fault fault)
    {
        await using var stage = await RunStage.StartAsync();
        var client = stage.Process(out var line, stage.Billing.Clock);
        line.Plan = (number, path) => IsHeartbeat(path) && number % 4 != 0 ? fault : null;
        var run = await client.RunAsync(stage.Customer, RunStage.Request, async (generation, cancellation) =>
        {
            await stage.Billing.AdvanceAsync(TimeSpan.FromHours(3));
            Assert.False(cancellation.IsCancellationRequested);
            return await stage.TwoOfThree(generation, cancellation);
        });
        Assert.IsType<Run.Completed>(run);
        await stage.HasAsync(6);
    }

    [Fact]
    public async Task Work_is_canceled_when_its_generation_has_expired()
    {
        await using var stage = await RunStage.StartAsync();
        var client = stage.Process(out var line, stage.Billing.Clock);
        var away = true;
        line.Plan = (_, path) => IsHeartbeat(path) && away ? Fault.RequestLost : null;
        var working = new TaskCompletionSource();
        var running = client.RunAsync(stage.Customer, RunStage.Request, (_, cancellation) =>
        {
            working.SetResult();
            return UntilCanceledAsync(cancellation);
        });
        await working.Task;
        await stage.Billing.AdvanceAsync(TimeSpan.FromMinutes(70));
        Assert.False(running.IsCompleted);
        away = false;
        await stage.Billing.AdvanceAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(GenerationStatus.Expired, Assert.IsType<Run.Lost>(await running.WaitAsync(Patience)).Generation.Status);
        await stage.HasAsync(10);
    }

    [Fact]
    public async Task Work_is_canceled_when_somebody_else_has_settled_it()
    {
        await using var stage = await RunStage.StartAsync();
        var admitted = new TaskCompletionSource<Generation>();
        var running = stage.Process(out _, stage.Billing.Clock).RunAsync(stage.Customer, RunStage.Request, (generation, cancellation) =>
        {
            admitted.SetResult(generation);
            return UntilCanceledAsync(cancellation);
        });
        await stage.Billing.Client.FailAsync((await admitted.Task).Id, FailReasons.UserError);
        await stage.Billing.AdvanceAsync(TimeSpan.FromMinutes(25));
        Assert.Equal(GenerationStatus.Failed, Assert.IsType<Run.Lost>(await running.WaitAsync(Patience)).Generation.Status);
        await stage.HasAsync(4);
    }

    [Fact]
    public async Task Work_that_does_not_mind_its_token_is_lost_all_the_same()
    {
        await using var stage = await RunStage.StartAsync();
        var run = await stage.Process(out _).RunAsync(stage.Customer, RunStage.Request, async (generation, cancellation) =>
        {
            await stage.Billing.AdvanceAsync(TimeSpan.FromHours(2));
            return await stage.TwoOfThree(generation, cancellation);
        });
        Assert.Equal(GenerationStatus.Expired, Assert.IsType<Run.Lost>(run).Generation.Status);
        await stage.HasAsync(10);
    }

    [Fact]
    public async Task No_heartbeat_goes_out_when_the_run_is_over()
    {
        await using var stage = await RunStage.StartAsync();
        var client = stage.Process(out var line, stage.Billing.Clock);
        await client.RunAsync(stage.Customer, RunStage.Request, stage.TwoOfThree);
        await stage.Billing.AdvanceAsync(TimeSpan.FromHours(2));
        Assert.Equal(2, line.Calls);
    }

    private static bool IsHeartbeat(string path) => path.EndsWith("/heartbeat", StringComparison.Ordinal);

    private static async Task<WorkOutcome> UntilCanceledAsync(CancellationToken cancellation)
    {
        await Task.Delay(Timeout.Infinite, cancellation);
        return WorkOutcome.Completed();
    }
}
