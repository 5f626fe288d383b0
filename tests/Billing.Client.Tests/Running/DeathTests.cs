namespace Billing.Client.Tests.Running;

/// <summary>A process may die between any two of its calls: what the next one with the same key does, and what happens without one.</summary>
public sealed class DeathTests
{
    [Theory]
    [InlineData(1)] // it was admitted, and nobody heard
    [InlineData(2)] // it was settled, and nobody heard
    public async Task The_next_process_goes_on_where_it_can(int deadAfter)
    {
        await using var stage = await RunStage.StartAsync();
        var dying = stage.Process(out var line);
        line.DeadAfter = deadAfter;
        _ = dying.RunAsync(stage.Customer, RunStage.Request, stage.TwoOfThree, "order-1");
        await line.Dead.Task;

        var run = await stage.Process(out _).RunAsync(stage.Customer, RunStage.Request, stage.TwoOfThree, "order-1");
        Assert.Equal(deadAfter == 1 ? typeof(Run.Completed) : typeof(Run.AlreadySettled), run.GetType());
        Assert.Equal(1, stage.Works);
        await stage.HasAsync(6);
    }

    [Fact]
    public async Task Work_that_its_process_took_along_is_done_again()
    {
        await using var stage = await RunStage.StartAsync();
        await DieAtWorkAsync(stage);
        await stage.Billing.AdvanceAsync(TimeSpan.FromMinutes(50));
        var run = await stage.Process(out _).RunAsync(
            stage.Customer,
            RunStage.Request,
            async (generation, cancellation) =>
            {
                // Ten minutes were left; the one who takes it up has an hour.
                await stage.Billing.AdvanceAsync(TimeSpan.FromMinutes(50));
                return await stage.TwoOfThree(generation, cancellation);
            },
            "order-1");
        Assert.IsType<Run.Completed>(run);
        await stage.HasAsync(6);
    }

    [Fact]
    public async Task Where_nobody_takes_it_up_it_expires_and_is_given_back()
    {
        await using var stage = await RunStage.StartAsync();
        await DieAtWorkAsync(stage);
        await stage.HasAsync(4);
        await stage.Billing.AdvanceAsync(TimeSpan.FromMinutes(61));
        await stage.HasAsync(10);

        var run = await stage.Process(out _).RunAsync(stage.Customer, RunStage.Request, stage.TwoOfThree, "order-1");
        Assert.Equal(GenerationStatus.Expired, Assert.IsType<Run.AlreadySettled>(run).Generation.Status);
        Assert.Equal(0, stage.Works);
        Assert.IsType<Run.Completed>(await stage.Process(out _).RunAsync(stage.Customer, RunStage.Request, stage.TwoOfThree, "order-1, again"));
        await stage.HasAsync(6);
    }

    [Fact]
    public async Task Of_two_that_are_at_it_at_once_one_is_paid()
    {
        await using var stage = await RunStage.StartAsync();
        var (begun, first) = (new TaskCompletionSource(), new TaskCompletionSource<WorkOutcome>());
        var slow = stage.Process(out _).RunAsync(
            stage.Customer,
            RunStage.Request,
            (_, _) =>
            {
                begun.SetResult();
                return first.Task;
            },
            "order-1");
        await begun.Task;
        var quick = await stage.Process(out _).RunAsync(stage.Customer, RunStage.Request, stage.TwoOfThree, "order-1");
        first.SetResult(WorkOutcome.Completed());
        Assert.IsType<Run.Completed>(quick);
        Assert.Equal(2, Assert.IsType<Run.Lost>(await slow).Generation.SucceededUnits);
        await stage.HasAsync(6);
    }

    [Fact]
    public async Task Nor_does_a_customers_key_that_was_revoked_meanwhile_stop_it()
    {
        await using var stage = await RunStage.StartAsync();
        var account = await stage.Billing.Operator.CreateAccountAsync(new NewAccount("bloom", "Eve", "eve@example.com"));
        var key = await stage.Billing.CreateApiKeyAsync(account.AccountId);
        Task<Run> AgainAsync() => stage.Process(out _).RunAsync(key, RunStage.Request, stage.TwoOfThree, "order-1");
        Assert.IsType<Run.Completed>(await AgainAsync());
        await RevokeAsync(stage, account.AccountId, key);
        Assert.Equal(GenerationStatus.Completed, Assert.IsType<Run.AlreadySettled>(await AgainAsync()).Generation.Status);
    }

    private static async Task DieAtWorkAsync(RunStage stage)
    {
        var working = new TaskCompletionSource();
        _ = stage.Process(out _).RunAsync(
            stage.Customer,
            RunStage.Request,
            async (_, _) =>
            {
                working.SetResult();
                await Task.Delay(Timeout.Infinite, CancellationToken.None);
                return WorkOutcome.Completed();
            },
            "order-1");
        await working.Task;
    }

    private static async Task RevokeAsync(RunStage stage, string accountId, string key)
    {
        var keyId = Assert.IsType<Admission.Admitted>(await stage.Billing.Client.AdmitAsync(key, RunStage.Request, "order-1")).Generation.KeyId;
        using var http = stage.Billing.CreateHttpClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", (await stage.Billing.Operator.CreateSessionAsync(accountId)).Token);
        (await http.DeleteAsync(new Uri($"api/v1/api-keys/{keyId}", UriKind.Relative))).EnsureSuccessStatusCode();
    }
}
