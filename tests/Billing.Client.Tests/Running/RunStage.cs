using Billing.Client.Testing;
using Billing.Client.Tests.Agreement;

namespace Billing.Client.Tests.Running;

/// <summary>A backend with one customer of 10 credits, and a client on a line that fails.</summary>
internal sealed class RunStage : IAsyncDisposable
{
    private RunStage()
    {
    }

    public BillingFake Billing { get; } = BillingFake.Start();

    public Customer Customer { get; private set; } = null!;

    public string WorkspaceId { get; private set; } = "";

    /// <summary>How often the work began.</summary>
    public int Works { get; private set; }

    public static GenerationRequest Request => Stage.Images(3);

    public static async Task<RunStage> StartAsync()
    {
        var stage = new RunStage();
        var account = await stage.Billing.Operator.CreateAccountAsync(new NewAccount("bloom", "Ada", "ada@example.com"));
        (stage.WorkspaceId, stage.Customer) = (account.WorkspaceId, Customer.OfWorkspace(account.WorkspaceId));
        return stage;
    }

    /// <summary>A process of its own: what it sends goes over the line.</summary>
    public BillingClient Process(out FaultyLine line, TimeProvider? clock = null, BillingClientOptions? options = null)
    {
        line = new FaultyLine(Billing.CreateHandler());
        options ??= new BillingClientOptions();
        options.Clock = clock ?? new ImpatientClock();
        return new BillingClient(new HttpClient(line) { BaseAddress = BillingFake.Address }, BillingFake.ServiceKey, options);
    }

    /// <summary>Work that delivers two of the three.</summary>
    public Task<WorkOutcome> TwoOfThree(Generation generation, CancellationToken cancellation)
    {
        Works++;
        return Task.FromResult(WorkOutcome.Completed(2));
    }

    public async Task HasAsync(decimal credits)
    {
        await Billing.RunDueAsync();
        Assert.Equal(credits, (await Billing.Client.GetCreditsAsync(Customer)).Credits);
        Assert.Empty((await Billing.Operator.AuditAsync(WorkspaceId)).Differences);
    }

    public ValueTask DisposeAsync() => Billing.DisposeAsync();
}
