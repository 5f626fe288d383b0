using Billing.Api.Health;
using Billing.Api.Plans;
using Billing.Storage;
using Billing.Telemetry;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Billing.Functions;

/// <summary>
/// The deployed form: each trigger hands over to the endpoint, job or consumer that Billing.Host runs, too. Every HTTP trigger is Anonymous to the
/// Functions host, because the API authenticates its callers itself: function keys know nothing of workspaces and could not be revoked one by one.
/// </summary>
internal static class FunctionsApp
{
    public static void AddBillingFunctions(this FunctionsApplicationBuilder builder)
    {
        Check(builder.Configuration);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning); // ASP.NET Core's four lines a request would all travel to the Functions host
        builder.UseMiddleware<Correlation>();
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            RequestBounds.Set(kestrel.Limits);
            kestrel.Limits.MaxRequestBodySize = null; // the Functions host has bounds of its own; ours would break its connection, and the API reads 512 KiB at most
        });
        // The worker would load its functions first and listen only then: the Functions host, whose first request is refused, tries again after a pause.
        builder.Services.Configure<HostOptions>(host => host.ServicesStartConcurrently = true);
        builder.Services.AddBilling(builder.Configuration, builder.Environment.IsDevelopment());
        builder.Services.AddSingleton<IFunctionMetadataTransformer, ShardTriggers>();
        builder.AddCollector();
        builder.AddAzureMonitorBesideFunctions();
        builder.Services.AddSingleton<JobRuns>();
        builder.Services.AddSingleton<QueueFeed>();
        builder.Services.AddSingleton<PoisonDrain>();
        if (builder.Environment.IsDevelopment())
        {
            // In Azure Bicep makes them, so that no cold start pays for asking whether they are there.
            builder.Services.AddHostedService(services => new StorageSetup(
                services.GetRequiredService<TableStore>(),
                services.GetRequiredService<MessageQueue>(),
                services.GetRequiredService<PlanMemory>(),
                services.GetRequiredService<ShardSettings>(),
                builder.Environment,
                services.GetRequiredService<ILogger<StorageSetup>>())
            { MoreQueues = [PoisonDrain.HostSuffix] });
        }
        else
        {
            builder.Services.AddHostedService<WarmUp>();
        }
    }

    private static void Check(ConfigurationManager configuration)
    {
        if (configuration["Billing:QueuePrefix"] is { Length: > 0 })
        {
            throw new SettingsException(["Billing__QueuePrefix is for Billing.Host only: triggers are bound to the queues' own names."]);
        }

        // The Functions host reads the same settings, and takes a value for a connection string.
        var bare = configuration.GetSection("Billing:Shards").GetChildren().Where(shard => shard.Value is { Length: > 0 } text && !text.Contains('=', StringComparison.Ordinal)).ToList();
        if (bare.Count > 0)
        {
            throw new SettingsException([.. bare.Select(shard => $"Billing__Shards__{shard.Key} is an account's name: for the Functions host it must be called Billing__Shards__{shard.Key}__accountName.")]);
        }
    }
}
