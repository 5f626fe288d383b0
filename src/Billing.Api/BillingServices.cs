using System.Diagnostics.Metrics;
using System.Net;
using System.Security.Cryptography;
using Azure.Identity;
using Billing.Api.Callers;
using Billing.Api.Development;
using Billing.Api.Health;
using Billing.Api.Jobs;
using Billing.Api.Quotes;
using Billing.Api.Telemetry;
using Billing.Api.Webhooks;
using Billing.Audits;
using Billing.Catalogs;
using Billing.Jobs;
using Billing.Keys;
using Billing.People;
using Billing.Storage;
using Billing.Webhooks;
using Billing.Writing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

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
        services.AddSingleton(CatalogsOf(settings));
        services.AddSingleton<Entropy>(RandomNumberGenerator.Fill);
        AddStorage(services, settings);
        AddTelemetry(services);
        AddRules(services);
        AddJobs(services);
        AddWebhooks(services, settings);
        AddCallers(services, settings);
        services.AddSingleton<HealthChecks>();
        return services.AddSingleton<BillingApi>();
    }

    private static void AddStorage(IServiceCollection services, BillingSettings settings)
    {
        services.AddSingleton(_ => new StorageClients(new StorageOptions
        {
            ConnectionString = settings.StorageConnection,
            AccountName = settings.StorageConnection is null ? settings.StorageAccount : null,
            Credential = settings.StorageConnection is null ? new DefaultAzureCredential() : null,
            TablePrefix = settings.TablePrefix,
            QueuePrefix = settings.QueuePrefix,
        }));
        services.AddSingleton<TableLedger>();
        services.AddSingleton<QueueDoorbell>();
        services.AddSingleton<QueueReceiver>();
        services.AddSingleton<ILedger>(provider => provider.GetRequiredService<TableLedger>());
        services.AddSingleton<IDoorbell>(provider => provider.GetRequiredService<QueueDoorbell>());
    }

    private static void AddTelemetry(IServiceCollection services)
    {
        services.AddMetrics();
        services.AddSingleton(provider =>
        {
            var metrics = new BillingMetrics(provider.GetRequiredService<IMeterFactory>());
            metrics.Observe(provider.GetRequiredService<StorageClients>().Meter);
            return metrics;
        });
        services.AddSingleton<AccountLog>();
        services.AddSingleton<CommitTelemetry>();
        services.AddSingleton<DeliveryTelemetry>();
    }

    private static void AddRules(IServiceCollection services)
    {
        services.AddSingleton(provider => new WriterPorts(
            provider.GetRequiredService<ILedger>(),
            provider.GetRequiredService<IDoorbell>(),
            provider.GetRequiredService<CatalogSet>(),
            provider.GetRequiredService<TimeProvider>(),
            Backoff)
        {
            Watch = provider.GetRequiredService<CommitTelemetry>().Watch,
        });
        services.AddSingleton<AccountWriter>();
        services.AddSingleton<AccountOpener>();
        services.AddSingleton<PeopleDirectory>();
        services.AddSingleton<KeyDirectory>();
    }

    private static void AddJobs(IServiceCollection services)
    {
        services.AddSingleton<DueJob>();
        services.AddSingleton<JobRunner>();
        services.AddSingleton<MessageDesk>();
        services.AddSingleton<IConsumer, RefundConsumer>();
        services.AddSingleton<IConsumer, RetentionConsumer>();
        services.AddSingleton<IConsumer, AuditConsumer>();
        foreach (var queue in new[] { Queues.Renewals, Queues.OverageCharges, Queues.Expirations })
        {
            services.AddSingleton<IConsumer>(provider => new DueConsumer(
                queue,
                provider.GetRequiredService<ILedger>(),
                provider.GetRequiredService<IDoorbell>(),
                provider.GetRequiredService<AccountWriter>(),
                provider.GetRequiredService<TimeProvider>()));
        }
    }

    private static void AddWebhooks(IServiceCollection services, BillingSettings settings)
    {
        services.AddSingleton(new GuardedConnections(Dns.GetHostAddressesAsync, loopback: settings.Development));
        services.AddSingleton<WebhookSender>();
        services.AddSingleton(provider => new WebhookPorts(
            provider.GetRequiredService<ILedger>(),
            provider.GetRequiredService<IDoorbell>(),
            provider.GetRequiredService<AccountWriter>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<DeliveryTelemetry>().SendAsync,
            Backoff));
        services.AddSingleton<IConsumer, WebhookConsumer>();
    }

    private static void AddCallers(IServiceCollection services, BillingSettings settings)
    {
        services.AddSingleton<GuessGuard>();
        services.AddSingleton<KeyCache>();
        services.AddSingleton<MembershipCache>();
        services.AddSingleton(provider => new Sessions(settings.SigningKey, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(new QuoteTokens(settings.SigningKey));
        services.AddSingleton(provider => new Authentication(
            new Secrets(settings.ServiceKeys),
            new Secrets(settings.OperatorKeys),
            provider.GetRequiredService<Sessions>(),
            provider.GetRequiredService<KeyCache>(),
            provider.GetRequiredService<PeopleDirectory>(),
            provider.GetRequiredService<GuessGuard>()));
        services.AddSingleton(provider => new Backend
        {
            Ledger = provider.GetRequiredService<ILedger>(),
            Writer = provider.GetRequiredService<AccountWriter>(),
            Opener = provider.GetRequiredService<AccountOpener>(),
            Catalogs = provider.GetRequiredService<CatalogSet>(),
            People = provider.GetRequiredService<PeopleDirectory>(),
            Memberships = provider.GetRequiredService<MembershipCache>(),
            Keys = provider.GetRequiredService<KeyDirectory>(),
            KeyCache = provider.GetRequiredService<KeyCache>(),
            Authentication = provider.GetRequiredService<Authentication>(),
            Sessions = provider.GetRequiredService<Sessions>(),
            Quotes = provider.GetRequiredService<QuoteTokens>(),
            Jobs = provider.GetRequiredService<JobRunner>(),
            Receiver = provider.GetRequiredService<QueueReceiver>(),
            Health = provider.GetRequiredService<HealthChecks>(),
            Metrics = provider.GetRequiredService<BillingMetrics>(),
            Clock = provider.GetRequiredService<TimeProvider>(),
            Entropy = provider.GetRequiredService<Entropy>(),
            Development = settings.Development,
        });
    }

    /// <summary>5 ms, doubling to 160 ms, half of it by chance: writers that collided once do not collide again.</summary>
    private static Task Backoff(int attempt)
    {
        var most = 5_000 << Math.Min(attempt, 5);
        return Task.Delay(TimeSpan.FromMicroseconds(most / 2 + RandomNumberGenerator.GetInt32(most / 2)));
    }

    private static CatalogSet CatalogsOf(BillingSettings settings) => settings.CatalogFolder is { } folder
        ? CatalogSet.Load(Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(file => (Path.GetFileName(file), File.ReadAllText(file))))
        : CatalogSet.Shipped;
}
