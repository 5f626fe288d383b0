using Billing.Storage;

namespace Billing.Host;

/// <summary>Makes the tables and queues before the first request.</summary>
internal sealed class StorageSetup(TableLedger ledger, QueueDoorbell doorbell) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await ledger.EnsureCreatedAsync(cancellationToken);
        await doorbell.EnsureCreatedAsync(cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
