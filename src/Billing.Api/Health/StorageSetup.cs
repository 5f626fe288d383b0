using System.Collections.Immutable;
using Billing.Api.Plans;
using Billing.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Billing.Api.Health;

/// <summary>
/// Makes the tables and queues: before the first request if storage answers, else as soon as it does. Until then /health says 503 and the background work waits.
/// </summary>
public sealed partial class StorageSetup(TableStore store, MessageQueue messages, PlanMemory plans, IHostEnvironment environment, ILogger<StorageSetup> logger)
    : BackgroundService, IHostedLifecycleService
{
    private const string HowToStartIt =
        "Start Azurite with `npx azurite --skipApiVersionCheck --silent --location artifacts/azurite`, or everything with `dotnet run infra/dev.cs`.";

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Endings of queues that are made beside the product's own.</summary>
    public ImmutableArray<string> MoreQueues { get; init; } = [];

    /// <summary>Returns once the tables and queues are there.</summary>
    public Task WaitAsync(CancellationToken cancellation) => _done.Task.WaitAsync(cancellation);

    /// <inheritdoc/>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (await FailureAsync(cancellationToken).ConfigureAwait(false) is { } failure)
        {
            TellWaiting(failure);
        }
    }

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken) => _done.Task.IsCompleted ? Task.CompletedTask : base.StartAsync(cancellationToken);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = ShortestPause;
        do
        {
            await Task.Delay(pause, stoppingToken).ConfigureAwait(false);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
        }
        while (await FailureAsync(stoppingToken).ConfigureAwait(false) is not null);
        Log.StorageAnswers(logger);
    }

    /// <returns>Why it could not be done; null when it was.</returns>
    private async Task<Exception?> FailureAsync(CancellationToken cancellation)
    {
        try
        {
            await store.EnsureCreatedAsync(cancellation).ConfigureAwait(false);
            await messages.EnsureCreatedAsync(cancellation, [.. MoreQueues]).ConfigureAwait(false);
            await plans.ReadyAsync(cancellation).ConfigureAwait(false);
            _done.TrySetResult();
            return null;
        }
#pragma warning disable CA1031 // whatever it is: a process that ends here is started again for as long as storage is away, and tells nobody why
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return failure;
        }
    }

    private void TellWaiting(Exception failure)
    {
        var reason = environment.IsDevelopment() ? $"{failure.Message} {HowToStartIt}" : failure.Message;
        Log.WaitingForStorage(logger, reason);
    }

    private static partial class Log
    {
        [LoggerMessage(104, LogLevel.Warning, "Waiting for the storage that AzureWebJobsStorage names, and going on once it answers: {Reason}")]
        public static partial void WaitingForStorage(ILogger logger, string reason);

        [LoggerMessage(105, LogLevel.Information, "Storage answers")]
        public static partial void StorageAnswers(ILogger logger);
    }
}
