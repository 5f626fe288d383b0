using Billing.Testing;

namespace Billing.Client.Tests.Agreement;

public sealed class HostStage : Stage
{
    private readonly RunningHost _host = new();

    public override IBillingClient Client => _host.Client;

    public override IBillingOperator Operator => _host.Operator;

    public override DateTimeOffset Now => _host.Now;

    public override Task InitializeAsync() => _host.InitializeAsync();

    public override Task DisposeAsync() => _host.DisposeAsync();

    public override async Task AdvanceAsync(TimeSpan time)
    {
        await _host.MoveClockAsync(time);
        foreach (var job in new[] { "renewals", "overage-charges", "expirations" })
        {
            await Operator.RunJobAsync(job);
        }
    }

    public override Task<T> SeeAsync<T>(Func<Task<T>> look, Func<T, bool> holds) => Eventually.SeeAsync(look, holds);

    public override Task<string> KeyAsync(string accountId, bool testMode = false) => _host.KeyAsync(accountId, testMode);
}
