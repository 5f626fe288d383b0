namespace Billing.Client.Tests.Running;

/// <summary>Whatever becomes of its calls, a run charges once what its work delivered, and does the work once.</summary>
public sealed class FaultTests
{
    private static readonly IEnumerable<Fault> Faults = Enum.GetValues<Fault>().Except([Fault.Hanging]);

    // Admit, settle, and what a fault of those adds.
    public static TheoryData<int, Fault> EveryCallAndFault =>
        Enumerable.Range(1, 4).SelectMany(call => Faults.Select(fault => (call, fault))).Aggregate(
            new TheoryData<int, Fault>(),
            (data, row) =>
            {
                data.Add(row.call, row.fault);
                return data;
            });

    [Theory]
    [MemberData(nameof(EveryCallAndFault))]
    public async Task Any_call_may_fail_once(int call, Fault fault)
    {
        await using var stage = await RunStage.StartAsync();
        var client = stage.Process(out var line);
        line.Plan = (number, _) => number == call ? fault : null;
        var run = await client.RunAsync(stage.Customer, RunStage.Request, stage.TwoOfThree);
        Assert.Equal(2, Assert.IsType<Run.Completed>(run).Generation.SucceededUnits);
        Assert.Equal(1, stage.Works);
        await stage.HasAsync(6);
    }

    [Theory]
    [InlineData(Fault.RequestLost)]
    [InlineData(Fault.AnswerLost)]
    [InlineData(Fault.AnswerCut)]
    [InlineData(Fault.AnswerLate)]
    [InlineData(Fault.BadGateway)]
    public async Task Each_call_may_fail_three_times(Fault fault)
    {
        await using var stage = await RunStage.StartAsync();
        var client = stage.Process(out var line);
        line.Plan = (number, _) => number % 4 == 0 ? null : fault;
        Assert.IsType<Run.Completed>(await client.RunAsync(stage.Customer, RunStage.Request, stage.TwoOfThree));
        Assert.Equal(1, stage.Works);
        await stage.HasAsync(6);
    }

    [Theory]
    [InlineData(Fault.RequestLost)]
    [InlineData(Fault.AnswerLost)]
    public async Task Settling_goes_on_when_the_tries_of_a_call_are_used_up(Fault fault)
    {
        await using var stage = await RunStage.StartAsync();
        var client = stage.Process(out var line);
        line.Plan = (number, path) => path.EndsWith("/complete", StringComparison.Ordinal) && number < 20 ? fault : null;
        Assert.IsType<Run.Completed>(await client.RunAsync(stage.Customer, RunStage.Request, stage.TwoOfThree));
        await stage.HasAsync(6);
    }

    [Fact]
    public async Task Settling_that_never_gets_through_ends_and_can_be_made_good()
    {
        await using var stage = await RunStage.StartAsync();
        var client = stage.Process(out var line, options: new BillingClientOptions { SettleWithin = TimeSpan.FromMinutes(1) });
        line.Plan = (_, path) => path.EndsWith("/complete", StringComparison.Ordinal) ? Fault.RequestLost : null;
        var unsettled = await Assert.ThrowsAsync<BillingUnsettledException>(() => client.RunAsync(stage.Customer, RunStage.Request, stage.TwoOfThree));
        Assert.InRange(line.Calls, 9, 100);
        var settled = await client.SettleAsync([unsettled.Settlement]);
        Assert.Equal((unsettled.Generation.Id, GenerationStatus.Completed), settled.Results.Single().Generation is { } now ? (now.Id, now.Status) : default);
        await stage.HasAsync(6);
    }

    [Fact]
    public async Task An_admission_that_never_gets_through_does_no_work()
    {
        await using var stage = await RunStage.StartAsync();
        var client = stage.Process(out var line);
        line.Plan = (_, _) => Fault.AnswerLost;
        await Assert.ThrowsAsync<BillingException>(() => client.RunAsync(stage.Customer, RunStage.Request, stage.TwoOfThree, "order-1"));
        Assert.Equal(0, stage.Works);
        await stage.HasAsync(4);
        await stage.Billing.AdvanceAsync(TimeSpan.FromHours(2));
        await stage.HasAsync(10);
    }

    [Fact]
    public async Task A_failure_that_cannot_be_told_hides_nothing()
    {
        await using var stage = await RunStage.StartAsync();
        var client = stage.Process(out var line);
        line.Plan = (_, path) => path.EndsWith("/fail", StringComparison.Ordinal) ? Fault.RequestLost : null;
        await Assert.ThrowsAsync<TimeoutException>(() => client.RunAsync(stage.Customer, RunStage.Request, (_, _) => throw new TimeoutException()));
        await stage.Billing.AdvanceAsync(TimeSpan.FromHours(2));
        await stage.HasAsync(10);
    }
}
