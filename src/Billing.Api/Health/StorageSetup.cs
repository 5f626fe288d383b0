using System.Collections.Immutable;
using Billing.Api.Plans;
using Billing.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Billing.Api.Health;

/// <summary>
/// Makes the tables and queues of each shard: before the first request if it answers, else as soon as it does. Until then /health says so and the background
/// work of that shard waits.
/// </summary>
public sealed partial class StorageSetup(TableStore store, MessageQueue messages, PlanMemory plans, ShardSettings shards, IHostEnvironment environment, ILogger<StorageSetup> logger)
    : BackgroundService, IHostedLifecycleService
{
    private const string HowToStartIt =
        "Start Azurite with `npx azurite --skipApiVersionCheck --silent --location artifacts/azurite`, or everything with `dotnet run infra/dev.cs`.";

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
    private readonly ImmutableArray<TaskCompletionSource> _done = [.. shards.Map.All.Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];

    /// <summary>Endings of queues that are made beside the product's own.</summary>
    public ImmutableArray<string> MoreQueues { get; init; } = [];

    /// <summary>Returns once the tables and queues of a shard are there.</summary>
    public Task WaitAsync(int shard, CancellationToken cancellation) => _done[shard].Task.WaitAsync(cancellation);

    /// <summary>Returns once those of any shard are there.</summary>
    public Task WaitForAnyAsync(CancellationToken cancellation) => Task.WhenAny(_done.Select(done => done.Task)).WaitAsync(cancellation);

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.WhenAll(shards.Map.All.Select(async shard =>
    {
        if (await FailureAsync(shard, cancellationToken).ConfigureAwait(false) is { } failure)
        {
            TellWaiting(shard, failure);
        }
    }));

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken) => _done.All(done => done.Task.IsCompleted) ? Task.CompletedTask : base.StartAsync(cancellationToken);

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(shards.Map.All.Where(shard => !_done[shard].Task.IsCompleted).Select(shard => TryAgainAsync(shard, stoppingToken)));

    private async Task TryAgainAsync(int shard, CancellationToken stoppingToken)
    {
        var pause = ShortestPause;
        do
        {
            await Task.Delay(pause, stoppingToken).ConfigureAwait(false);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
        }
        while (await FailureAsync(shard, stoppingToken).ConfigureAwait(false) is not null);
        Log.StorageAnswers(logger, shards.Accounts[shard].Setting);
    }

    /// <returns>Why it could not be done; null when it was.</returns>
    private async Task<Exception?> FailureAsync(int shard, CancellationToken cancellation)
    {
        try
        {
            await store.EnsureCreatedAsync(shard, cancellation).ConfigureAwait(false);
            await messages.EnsureCreatedAsync(shard, cancellation, [.. MoreQueues]).ConfigureAwait(false);
            if (shard == shards.Directory)
            {
                await plans.ReadyAsync(cancellation).ConfigureAwait(false);
            }

            _done[shard].TrySetResult();
            return null;
        }
#pragma warning disable CA1031 // whatever it is: a process that ends here is started again for as long as storage is away, and tells nobody why
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return failure;
        }
    }

    private void TellWaiting(int shard, Exception failure)
    {
        var reason = environment.IsDevelopment() ? $"{failure.Message} {HowToStartIt}" : failure.Message;
        Log.WaitingForStorage(logger, shards.Accounts[shard].Setting, reason);
    }

    private static partial class Log
    {
        [LoggerMessage(104, LogLevel.Warning, "Waiting for the storage that {Setting} names, and going on once it answers: {Reason}")]
        public static partial void WaitingForStorage(ILogger logger, string setting, string reason);

        [LoggerMessage(105, LogLevel.Information, "Storage answers: the one that {Setting} names")]
        public static partial void StorageAnswers(ILogger logger, string setting);
    }
}
