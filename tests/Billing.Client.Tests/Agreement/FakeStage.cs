using Billing.Client.Testing;

namespace Billing.Client.Tests.Agreement;

public sealed class FakeStage : Stage
{
    private readonly BillingFake _billing = BillingFake.Start();

    public override IBillingClient Client => _billing.Client;

    public override IBillingOperator Operator => _billing.Operator;

    public override DateTimeOffset Now => _billing.Clock.GetUtcNow();

    public override Task InitializeAsync() => Task.CompletedTask;

    public override Task DisposeAsync() => _billing.DisposeAsync().AsTask();

    public override Task AdvanceAsync(TimeSpan time) => _billing.AdvanceAsync(time);

    public override async Task<T> SeeAsync<T>(Func<Task<T>> look, Func<T, bool> holds)
    {
        var seen = await look();
        Assert.True(holds(seen), $"{seen}");
        return seen;
    }

    public override Task<string> KeyAsync(string accountId, bool testMode = false) => _billing.CreateApiKeyAsync(accountId, testMode);
}
