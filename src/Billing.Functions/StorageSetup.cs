using Billing.Storage;
using Microsoft.Extensions.Hosting;

namespace Billing.Functions;

/// <summary>
/// Makes the tables and queues on a developer's machine, where Azurite may still be starting. In Azure Bicep makes them, so that no cold start pays for
/// asking whether they are there.
/// </summary>
internal sealed class StorageSetup(TableLedger ledger, QueueDoorbell doorbell) : IHostedLifecycleService
{
    private const int Attempts = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await ledger.EnsureCreatedAsync(cancellationToken);
                await doorbell.EnsureCreatedAsync(cancellationToken);
                return;
            }
            catch (StorageUnavailableException) when (attempt < Attempts)
            {
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
