using System.Collections.Immutable;
using System.Diagnostics;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Storage;
using Microsoft.Extensions.Logging;

namespace Billing.Api.Health;

/// <summary>Asks the two halves of each shard's storage for something small. Whether it is there does not matter; that storage says so in time does.</summary>
public sealed partial class HealthChecks(ITableStore store, QueueReceiver receiver, ShardMap shards, ILogger<HealthChecks> logger)
{
    /// <summary>No check takes longer: whoever probes gives up soon after.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(2);

    /// <summary>All checks, at once.</summary>
    public async Task<ImmutableArray<HealthCheckView>> RunAsync(CancellationToken cancellation) =>
    [
        .. await Task.WhenAll(shards.All.SelectMany(shard => new[]
        {
            RunAsync("tables", shard, limit => store.ReadAsync(new Partition(Table.Schedule, "health", shard), "health", limit), cancellation),
            RunAsync("queues", shard, limit => receiver.ApproximateCountAsync(new ShardQueue(shard, Queues.Refunds), limit), cancellation),
        })).ConfigureAwait(false),
    ];

    /// <summary>A check as people are told of it.</summary>
    public static string NameOf(string name, int shard) => shard == 0 ? name : $"{name} of shard {shard}";

    private async Task<HealthCheckView> RunAsync(string name, int shard, Func<CancellationToken, Task> check, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeLimit);
        var began = Stopwatch.GetTimestamp();
        try
        {
            await check(limit.Token).WaitAsync(limit.Token).ConfigureAwait(false);
            return new HealthCheckView(name, shard, CheckStatus.Ok, Milliseconds(began));
        }
        catch (Exception exception) when (exception is StorageUnavailableException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            Log.Unhealthy(logger, exception, NameOf(name, shard), Milliseconds(began));
            return new HealthCheckView(name, shard, CheckStatus.Failed, Milliseconds(began));
        }
    }

    private static long Milliseconds(long began) => (long)Stopwatch.GetElapsedTime(began).TotalMilliseconds;

    private static partial class Log
    {
        [LoggerMessage(5, LogLevel.Warning, "The {Check} did not answer within {Milliseconds} ms")]
        public static partial void Unhealthy(ILogger logger, Exception exception, string check, long milliseconds);
    }
}
