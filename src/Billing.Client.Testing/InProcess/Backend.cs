using System.Collections.Concurrent;
using System.Collections.Frozen;
using Billing.Api;
using Billing.Api.Callers;
using Billing.Api.Jobs;
using Billing.Api.Telemetry;
using Billing.Catalogs;
using Billing.Engine.Committing;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Engine.Webhooks;
using Billing.InMemory;
using Billing.Storage;
using Billing.Webhooks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Client.Testing.InProcess;

/// <summary>
/// The backend as the Host wires it, over storage in memory: the rules, the engine and the API are the real ones. What is not here is what needs a network:
/// health checks and messages that were given up, of which there are none.
/// </summary>
internal sealed class Backend : IAsyncDisposable
{
    private readonly InMemoryTableStore _tables = new();
    private readonly InMemoryMessageQueue _messages = new();
    private readonly PromptQueue _queue;
    private readonly ConcurrentQueue<SentWebhook> _sent = new();
    private readonly BillingFakeOptions _options;
    private readonly ServiceProvider _services;
    private readonly MessageDispatcher _dispatcher;
    private readonly JobRunner _jobs;

    public Backend(BillingFakeOptions options, FakeClock clock)
    {
        _options = options;
        _queue = new PromptQueue(_messages);
        _services = Wire(options, clock);
        _dispatcher = _services.GetRequiredService<MessageDispatcher>();
        _jobs = _services.GetRequiredService<JobRunner>();
        Handler = new InProcessHandler(_services.GetRequiredService<BillingApi>(), _services, () => options.WorksAtOnce ? WorkAsync() : Task.CompletedTask);
        clock.Moved += _messages.Advance;
    }

    public InProcessHandler Handler { get; }

    public IReadOnlyCollection<SentWebhook> Sent => _sent;

    /// <summary>What the timers and the queues would do by now.</summary>
    public async Task RunDueAsync()
    {
        await WorkAsync().ConfigureAwait(false);
        foreach (var (job, _) in Schedules.All)
        {
            await _jobs.RunAsync(job, CancellationToken.None).ConfigureAwait(false);
        }

        await WorkAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync().ConfigureAwait(false);
        Handler.Dispose();
    }

    /// <summary>Has messages consumed until none is visible.</summary>
    private async Task WorkAsync()
    {
        for (var found = true; found;)
        {
            found = false;
            await _queue.RevealedAsync().ConfigureAwait(false);
            foreach (var message in Queues.All.SelectMany(queue => _messages.Drain(queue)))
            {
                found = true;
                await ConsumeAsync(message).ConfigureAwait(false);
            }
        }
    }

    private async Task ConsumeAsync(QueuedMessage message)
    {
        var received = new ReceivedMessage(message.MessageId, message.Receipt, message.Message, DequeueCount: 1, DateTimeOffset.UtcNow, IsText: true);
        var consumption = await _dispatcher.ConsumeAsync(message.Queue, received).ConfigureAwait(false);
        if (consumption.Kind == ConsumptionKind.Parked)
        {
            throw new InvalidOperationException($"{message.Queue}: the message {message.Message} was given up: {consumption.Reason}");
        }
    }

    private ServiceProvider Wire(BillingFakeOptions options, FakeClock clock)
    {
        var settings = new Dictionary<string, string?>
        {
            ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true", // named, and never connected to
            ["Billing:ServiceKeys:0"] = BillingFake.ServiceKey,
            ["Billing:OperatorKeys:0"] = BillingFake.OperatorKey,
            ["Billing:SigningKeys:0"] = "signs_quotes_and_sessions_of_the_fake_0123456789abcdef",
        };
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddBilling(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), development: true);
        services.AddSingleton<ITableStore>(_tables).AddSingleton<IMessageQueue>(_queue).AddSingleton<TimeProvider>(clock).AddSingleton(new CacheTime(clock));
        services.AddSingleton(provider => new WebhookPorts(
            _tables, _queue, provider.GetRequiredService<WorkspaceWriter>(), clock, request => Task.FromResult(Take(request)), _ => Task.CompletedTask, _ => new TaskCompletionSource().Task)
        {
            Failed = provider.GetRequiredService<DeliveryTelemetry>().Failed,
        });
        if (options.Catalogs.Count > 0)
        {
            services.AddSingleton(CatalogSet.Load(options.Catalogs.Select(file => (file.Key, file.Value))).Own());
        }

        return services.BuildServiceProvider();
    }

    private WebhookAnswer Take(WebhookRequest request)
    {
        var sent = new SentWebhook(new Uri(request.Url), request.Headers.ToFrozenDictionary(header => header.Name, header => header.Value, StringComparer.OrdinalIgnoreCase), request.Body);
        _sent.Enqueue(sent);
        return new WebhookAnswer(_options.Receive(sent), null, null, TimeSpan.Zero);
    }
}
