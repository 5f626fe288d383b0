using System.Reflection;
using Azure.Core;
using Azure.Core.Pipeline;
using Billing.Api;
using Billing.Api.Callers;
using Billing.Api.Health;
using Billing.Api.Plans;
using Billing.Catalogs;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Storage;
using Billing.Telemetry;
using Billing.Testing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Billing.Functions.Tests;

public sealed class StartUpTests
{
    [Fact]
    public void Every_function_can_be_made()
    {
        using var host = TestApp.Build(TestApp.Azure);
        var classes = typeof(FunctionsApp).Assembly.GetTypes().Where(type => type.GetMethods().Any(method => method.GetCustomAttribute<FunctionAttribute>() is not null)).ToList();

        Assert.NotEmpty(classes);
        Assert.All(classes, type => Assert.NotNull(ActivatorUtilities.CreateInstance(host.Services, type)));
    }

    [Fact]
    public void Everything_that_is_registered_can_be_made()
    {
        using var host = TestApp.Build(TestApp.Azure, Environments.Development); // where the container checks itself

        Assert.NotEmpty(host.Services.GetServices<IHostedService>());
    }

    [Fact]
    public void In_Azure_a_cold_start_asks_for_no_table_or_queue_and_warms_up_instead()
    {
        using var host = TestApp.Build(TestApp.Azure);
        var services = host.Services.GetServices<IHostedService>().Select(service => service.GetType()).ToList();

        Assert.Contains(typeof(WarmUp), services);
        Assert.DoesNotContain(typeof(StorageSetup), services);
    }

    [Fact]
    public void It_listens_while_it_loads_its_functions()
    {
        using var host = TestApp.Build(TestApp.Azure);

        Assert.True(host.Services.GetRequiredService<IOptions<HostOptions>>().Value.ServicesStartConcurrently);
    }

    [Fact]
    public async Task On_a_developers_machine_start_up_makes_the_tables_and_queues()
    {
        using var host = await TestApp.OnEmulatorAsync();
        var log = new LogBook();
        using var setup = Setup(host.Services.GetRequiredService<TableStore>(), host.Services.GetRequiredService<MessageQueue>(), log);

        await setup.StartingAsync(default);

        Assert.Empty(log.Lines);
        Assert.Equal(0, await host.Services.GetRequiredService<QueueReceiver>().ApproximateCountAsync(new ShardQueue(0, Queues.Refunds + PoisonDrain.HostSuffix), default));
        Assert.Null(await host.Services.GetRequiredService<ITableStore>().ReadAsync(new Partition(Table.Ledger, "ws_01"), "account", default));
        Assert.Equal(0, await host.Services.GetRequiredService<QueueReceiver>().ApproximateCountAsync(new ShardQueue(0, Queues.Refunds + Queues.PoisonSuffix), default));
    }

    [Fact]
    public async Task Without_storage_a_developers_worker_starts_says_once_what_it_waits_for_and_goes_on_when_it_is_there()
    {
        var away = new Away { For = 3 };
        using var clients = new StorageClients(new StorageOptions
        {
            ConnectionString = (await Azurite.Shared).ConnectionString,
            TablePrefix = $"t{Guid.NewGuid().ToString("N")[..8]}",
            Policies = [away],
        });
        var log = new LogBook();
        using var setup = Setup(new TableStore(clients), new MessageQueue(clients), log);

        await setup.StartingAsync(default);
        await setup.StartAsync(default);
        await setup.ExecuteTask!;

        Assert.Contains("npx azurite --skipApiVersionCheck", log.Lines[0].Text, StringComparison.Ordinal);
        Assert.Equal(2, log.Lines.Count); // and that storage answers
        Assert.Null(await new TableStore(clients).ReadAsync(new Partition(Table.Ledger, "ws_01"), "account", default));
    }

    private static StorageSetup Setup(TableStore store, MessageQueue messages, LogBook log) =>
        new(store, messages, new PlanMemory(store, CatalogSet.Shipped.Own(), new CacheTime(TimeProvider.System), NullLogger<PlanMemory>.Instance), new ShardSettings([new ShardAccount("AzureWebJobsStorage", null, "stbilling")], ShardMap.One, 0), new Microsoft.Extensions.Hosting.Internal.HostingEnvironment { EnvironmentName = Environments.Development }, new LogBook<StorageSetup>(log)) { MoreQueues = [PoisonDrain.HostSuffix] };

    [Theory]
    [InlineData(null, null, 0)]
    [InlineData("InstrumentationKey=00000000-0000-0000-0000-000000000001", null, 1)]
    [InlineData(null, "http://127.0.0.1:1", 1)]
    [InlineData("InstrumentationKey=00000000-0000-0000-0000-000000000001", "http://127.0.0.1:1", 2)]
    public void Telemetry_is_exported_to_whom_the_settings_name_and_costs_nothing_else(string? insights, string? collector, int exports)
    {
        using var host = TestApp.Build(new Dictionary<string, string?>(TestApp.Azure)
        {
            ["APPLICATIONINSIGHTS_CONNECTION_STRING"] = insights,
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector,
        });

        Assert.Equal(exports, host.Services.GetServices<IHostedService>().Count(service => service.GetType().Assembly == typeof(AzureMonitor).Assembly));
        // Logs travel through the Functions host, which sends them to Application Insights itself.
        Assert.Equal(collector is not null, host.Services.GetServices<ILoggerProvider>().Any(provider => provider.GetType().Namespace!.StartsWith("OpenTelemetry", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Billing:TrustedProxies", "10.0.0.1, not-an-address", "Billing__TrustedProxies")]
    [InlineData("Billing:TrustedProxies:0", "10.0.0.0/40", "Billing__TrustedProxies")]
    [InlineData("Billing:ClientAddressHeader", "X-Client: 1", "Billing__ClientAddressHeader")]
    [InlineData("Billing:Catalogs", "no-such-folder", "Billing__Catalogs")]
    [InlineData("Billing:ServiceKeys:0", "", "Billing__ServiceKeys__0")]
    [InlineData("Billing:OperatorKeys:0", "", "Billing__OperatorKeys__0")]
    [InlineData("Billing:SigningKeys:0", "@Microsoft.KeyVault(VaultName=kv;SecretName=signing-key)", "Billing__SigningKeys__0")]
    [InlineData("Billing:OperatorKeys:0", "@Microsoft.KeyVault(VaultName=kv;SecretName=operator-key)", "Billing__OperatorKeys__0")]
    [InlineData("Billing:QueuePrefix", "other-", "Billing__QueuePrefix")]
    public void A_setting_that_would_open_a_door_or_lose_messages_ends_the_start_and_is_named(string name, string value, string named)
    {
        var failure = Assert.Throws<SettingsException>(() => TestApp.Build(new Dictionary<string, string?>(TestApp.Azure) { [name] = value }));

        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("@Microsoft", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Warming_up_without_storage_stops_nothing()
    {
        using var host = TestApp.Build(new Dictionary<string, string?>(TestApp.Azure)
        {
            ["AzureWebJobsStorage"] = "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;TableEndpoint=http://127.0.0.1:1/a;QueueEndpoint=http://127.0.0.1:1/a",
        });
        using var warmUp = new WarmUp(host.Services.GetRequiredService<ITableStore>(), host.Services.GetRequiredService<PlanMemory>());

        await warmUp.StartAsync(default);
        await warmUp.ExecuteTask!;
    }

    /// <summary>Storage that is not there for the first few tries.</summary>
    private sealed class Away : HttpPipelinePolicy
    {
        private int _requests;

        public int For { get; init; }

        public override ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
            Interlocked.Increment(ref _requests) <= For ? throw new IOException("The connection was refused.") : ProcessNextAsync(message, pipeline);

        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();
    }
}
