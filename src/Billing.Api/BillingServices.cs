using System.Diagnostics.Metrics;
using System.Net;
using System.Security.Cryptography;
using Billing.Api.Callers;
using Billing.Api.Development;
using Billing.Api.Health;
using Billing.Api.Jobs;
using Billing.Api.OpenApi;
using Billing.Api.Plans;
using Billing.Api.Quotes;
using Billing.Api.Telemetry;
using Billing.Api.Webhooks;
using Billing.Catalogs;
using Billing.Engine.Committing;
using Billing.Engine.Directories;
using Billing.Engine.Due;
using Billing.Engine.Feed;
using Billing.Engine.Ports;
using Billing.Engine.Webhooks;
using Billing.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Billing.Api;

/// <summary>Puts the backend together: the same for the Host and the Functions app.</summary>
public static class BillingServices
{
    /// <summary>Registers everything that handlers, jobs and consumers need.</summary>
    public static IServiceCollection AddBilling(this IServiceCollection services, IConfiguration configuration, bool development)
    {
        var settings = BillingSettings.Read(configuration, development);
        services.AddSingleton(settings);
        services.AddSingleton<TimeProvider>(settings.TestClock is { } now ? new DevClock(now) : TimeProvider.System);
        var catalogs = CatalogsOf(settings).Own();
        settings.CheckProducts([.. catalogs.All.Select(catalog => catalog.Product)]);
        services.AddSingleton(catalogs);
        services.AddSingleton<PlanMemory>();
        services.AddSingleton<Entropy>(RandomNumberGenerator.Fill);
        AddStorage(services, settings);
        AddTelemetry(services);
        AddRules(services);
        AddJobs(services);
        AddWebhooks(services, settings);
        AddCallers(services, configuration, settings);
        services.AddSingleton<HealthChecks>();
        return services.AddSingleton<BillingApi>();
    }

    private static void AddStorage(IServiceCollection services, BillingSettings settings)
    {
        services.AddSingleton(settings.Shards);
        services.AddSingleton(settings.Shards.Map);
        services.AddSingleton(_ => settings.Shards.Connect(settings));
        services.AddSingleton<TableStore>();
        services.AddSingleton<MessageQueue>();
        services.AddSingleton<QueueReceiver>();
        services.AddSingleton<ITableStore>(provider => provider.GetRequiredService<TableStore>());
        services.AddSingleton<IMessageQueue>(provider => provider.GetRequiredService<MessageQueue>());
    }

    private static void AddTelemetry(IServiceCollection services)
    {
        services.AddMetrics();
        services.AddSingleton(provider =>
        {
            var metrics = new BillingMetrics(provider.GetRequiredService<IMeterFactory>());
            metrics.Observe(provider.GetRequiredService<StorageClients>().Meters);
            return metrics;
        });
        services.AddSingleton<WorkspaceLog>();
        services.AddSingleton<CommitTelemetry>();
        services.AddSingleton<DeliveryTelemetry>();
    }

    private static void AddRules(IServiceCollection services)
    {
        services.AddSingleton(provider => new WriterPorts(
            provider.GetRequiredService<ITableStore>(),
            provider.GetRequiredService<IMessageQueue>(),
            provider.GetRequiredService<CatalogSet>(),
            provider.GetRequiredService<TimeProvider>(),
            Backoff)
        {
            Watch = provider.GetRequiredService<CommitTelemetry>().Watch,
            Learn = provider.GetRequiredService<PlanMemory>().LearnAsync,
        });
        services.AddSingleton<WorkspaceWriter>();
        services.AddSingleton<WorkspaceOpener>();
        services.AddSingleton<AccountDirectory>();
        services.AddSingleton<AccountIndex>();
        services.AddSingleton<KeyDirectory>();
        services.AddSingleton<SessionDirectory>();
    }

    private static void AddJobs(IServiceCollection services)
    {
        services.AddSingleton<DueJob>();
        services.AddSingleton<JobRunner>();
        services.AddSingleton(new MessageRetries());
        services.AddSingleton<MessageDispatcher>();
        services.AddSingleton<JobPorts>();
        services.AddSingleton<FeedWriter>();
        foreach (var job in JobTable.All)
        {
            services.AddSingleton(provider => job.Consumer(provider.GetRequiredService<JobPorts>()));
        }
    }

    private static void AddWebhooks(IServiceCollection services, BillingSettings settings)
    {
        services.AddSingleton(new GuardedConnections(Dns.GetHostAddressesAsync, loopback: settings.Development));
        services.AddSingleton<WebhookSender>();
        services.AddSingleton(provider => new WebhookPorts(
            provider.GetRequiredService<ITableStore>(),
            provider.GetRequiredService<IMessageQueue>(),
            provider.GetRequiredService<WorkspaceWriter>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<DeliveryTelemetry>().SendAsync,
            Backoff,
            Task.Delay)
        {
            Failed = provider.GetRequiredService<DeliveryTelemetry>().Failed,
        });
    }

    private static void AddCallers(IServiceCollection services, IConfiguration configuration, BillingSettings settings)
    {
        services.AddSingleton(new ClientAddresses(settings.TrustedProxies, settings.ClientAddressHeader));
        services.AddSingleton(new CacheTime(TimeProvider.System));
        services.AddSingleton<KeyGuessLimiter>();
        services.AddSingleton<MinuteCounts>();
        services.AddSingleton<KeyCache>();
        services.AddSingleton<MembershipCache>();
        services.AddSingleton<WorkspaceCache>();
        services.AddSingleton<ExternalIdCache>();
        services.AddSingleton(provider => new Sessions(settings.SigningKeys, provider.GetRequiredService<SessionDirectory>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<CacheTime>()));
        services.AddSingleton(new QuoteTokens(settings.SigningKeys));
        services.AddSingleton(provider => new SellerKeys(
            configuration, settings, changed => changed.CheckProducts([.. provider.GetRequiredService<CatalogSet>().All.Select(catalog => catalog.Product)]), provider.GetRequiredService<ILogger<SellerKeys>>()));
        services.AddSingleton(provider => new Authentication(
            provider.GetRequiredService<SellerKeys>(),
            provider.GetRequiredService<Sessions>(),
            provider.GetRequiredService<KeyCache>(),
            provider.GetRequiredService<WorkspaceCache>(),
            provider.GetRequiredService<ExternalIdCache>(),
            provider.GetRequiredService<AccountDirectory>(),
            provider.GetRequiredService<KeyGuessLimiter>(),
            provider.GetRequiredService<MinuteCounts>()));
        services.AddSingleton(provider => new Backend
        {
            Store = provider.GetRequiredService<ITableStore>(),
            Writer = provider.GetRequiredService<WorkspaceWriter>(),
            Opener = provider.GetRequiredService<WorkspaceOpener>(),
            Catalogs = provider.GetRequiredService<CatalogSet>(),
            Document = new Lazy<string>(() => DeploymentDocument.Of(GetOpenApi.Frame.Value, provider.GetRequiredService<CatalogSet>().All)),
            Accounts = provider.GetRequiredService<AccountDirectory>(),
            Feed = provider.GetRequiredService<FeedWriter>(),
            AccountIndex = provider.GetRequiredService<AccountIndex>(),
            Memberships = provider.GetRequiredService<MembershipCache>(),
            Workspaces = provider.GetRequiredService<WorkspaceCache>(),
            ExternalIds = provider.GetRequiredService<ExternalIdCache>(),
            Keys = provider.GetRequiredService<KeyDirectory>(),
            KeyCache = provider.GetRequiredService<KeyCache>(),
            Authentication = provider.GetRequiredService<Authentication>(),
            Sessions = provider.GetRequiredService<Sessions>(),
            Quotes = provider.GetRequiredService<QuoteTokens>(),
            Jobs = provider.GetRequiredService<JobRunner>(),
            Shards = settings.Shards.Map,
            DirectoryShard = settings.Shards.Directory,
            Receiver = provider.GetRequiredService<QueueReceiver>(),
            Health = provider.GetRequiredService<HealthChecks>(),
            Metrics = provider.GetRequiredService<BillingMetrics>(),
            Clock = provider.GetRequiredService<TimeProvider>(),
            Entropy = provider.GetRequiredService<Entropy>(),
            PublicUrl = settings.PublicUrl,
            Development = settings.Development,
        });
    }

    /// <summary>5 ms, doubling to 160 ms, half of it by chance: writers that collided once do not collide again.</summary>
    private static Task Backoff(int attempt)
    {
        var most = 5_000 << Math.Min(attempt, 5);
        return Task.Delay(TimeSpan.FromMicroseconds(most / 2 + RandomNumberGenerator.GetInt32(most / 2)));
    }

    private static CatalogSet CatalogsOf(BillingSettings settings) =>
        settings.CatalogFolder is { } folder ? CatalogSet.Load(FilesIn(folder)) : CatalogSet.Shipped;

    private static IEnumerable<(string Name, string Json)> FilesIn(string folder) =>
        Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(file => (Path.GetFileName(file), File.ReadAllText(file)));
}
