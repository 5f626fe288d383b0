using Billing.Api.Plans;
using Billing.Engine.Ports;
using Microsoft.Extensions.Hosting;

namespace Billing.Functions;

/// <summary>Gets a token and opens a connection to storage while the worker still starts, so that the first request need not wait for either.</summary>
internal sealed class WarmUp(ITableStore store, PlanMemory plans) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await store.ReadAsync(new Partition(Table.Keys, "warm-up"), "warm-up", stoppingToken);
            await plans.ReadyAsync(stoppingToken);
        }
        catch (StorageUnavailableException)
        {
            // The first request will say so, and to somebody who can act on it.
        }
    }
}
