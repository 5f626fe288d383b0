using System.Diagnostics.Metrics;
using Billing.Api.Callers;
using Billing.Api.Health;
using Billing.Api.Jobs;
using Billing.Api.Plans;
using Billing.Api.Telemetry;
using Billing.Catalogs;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Host;
using Billing.InMemory;
using Billing.Storage;
using Billing.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;

namespace Billing.Api.Tests.Hosting;

/// <summary>What the Host's pump makes of a message whose consumer fails.</summary>
public sealed class QueuePumpTests : IAsyncLifetime
{
    private StorageClients _clients = null!;
    private QueueReceiver _receiver = null!;

    public async Task InitializeAsync()
    {
        _clients = new StorageClients(new StorageOptions
        {
            ConnectionString = (await Azurite.Shared).ConnectionString,
            QueuePrefix = $"q{Guid.NewGuid().ToString("N")[..8]}-",
        });
        await new MessageQueue(_clients).EnsureCreatedAsync(0, default);
        _receiver = new QueueReceiver(_clients);
    }

    public Task DisposeAsync()
    {
        _clients.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Through_an_outage_a_message_is_tried_again_and_again_and_done_when_storage_is_back()
    {
        Assert.Equal(31, await TriesAsync(tries => tries <= 30 ? throw new StorageUnavailableException("Away.") : Consumption.Done));
        Assert.Empty(await PoisonAsync());
    }

    [Fact]
    public async Task A_message_that_fails_for_a_reason_of_its_own_is_parked_after_five_tries()
    {
        Assert.Equal(5, await TriesAsync(_ => throw new TimeoutException("No answer.")));
        var kept = Assert.Single(await PoisonAsync());
        Assert.Equal(("rfd_1", "TimeoutException: No answer."), (kept.Body, kept.Reason));
    }

    [Fact]
    public async Task An_outage_before_between_and_after_failures_is_not_counted_against_a_message()
    {
        Assert.Equal(45, await TriesAsync(tries => tries % 10 == 0 ? throw new TimeoutException() : tries < 45 ? throw new StorageUnavailableException("Away.") : Consumption.Done));
        Assert.Empty(await PoisonAsync());
    }

    [Fact]
    public async Task Rubbish_is_parked_at_once()
    {
        Assert.Equal(1, await TriesAsync(_ => Consumption.Parked("it is rubbish")));
        Assert.Equal("it is rubbish", Assert.Single(await PoisonAsync()).Reason);
    }

    /// <summary>Sends a message and pumps until the queue is empty.</summary>
    private async Task<int> TriesAsync(Func<int, Consumption> answer)
    {
        var consumer = new Answers(answer);
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var metrics = new BillingMetrics(services.GetRequiredService<IMeterFactory>());
        var plans = new PlanMemory(new InMemoryTableStore(), CatalogSet.Shipped.Own(), new CacheTime(TimeProvider.System), NullLogger<PlanMemory>.Instance);
        var dispatcher = new MessageDispatcher([consumer], new MessageRetries { Second = TimeSpan.Zero }, plans, metrics, NullLogger<MessageDispatcher>.Instance);
        using var wakes = new WakeSignals(ShardMap.One);
        using var storage = new StorageSetup(new TableStore(_clients), new MessageQueue(_clients), plans, new ShardSettings([new ShardAccount("AzureWebJobsStorage", null, "stbilling")], ShardMap.One, 0), new HostingEnvironment(), NullLogger<StorageSetup>.Instance);
        await storage.StartingAsync(default);
        using var pump = new QueuePump(new ShardQueue(0, Queues.Refunds), dispatcher, _receiver, wakes, storage, NullLogger<QueuePump>.Instance);
        await new MessageQueue(_clients).SendAsync(new(0, Queues.Refunds), "rfd_1", TimeSpan.Zero, default);

        await pump.StartAsync(default);
        await Eventually.SeeAsync(() => _receiver.ApproximateCountAsync(new ShardQueue(0, Queues.Refunds), default), count => count == 0);
        await pump.StopAsync(default);

        return consumer.Tries;
    }

    private async Task<IReadOnlyList<PoisonedDelivery>> PoisonAsync() => await _receiver.PeekPoisonAsync(new ShardQueue(0, Queues.Refunds), 32, default);

    private sealed class Answers(Func<int, Consumption> answer) : IConsumer
    {
        private int _tries;

        public string Queue => Queues.Refunds;

        public int Tries => _tries;

        public Task<Consumption> ConsumeAsync(string message, CancellationToken cancellation) => Task.FromResult(answer(Interlocked.Increment(ref _tries)));
    }
}
