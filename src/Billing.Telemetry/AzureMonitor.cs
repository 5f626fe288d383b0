using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Billing.Telemetry;

/// <summary>Sends to Application Insights when <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c> names one: by identity where the setting beside it says so.</summary>
public static class AzureMonitor
{
    // By then the first request of a cold start has its answer.
    private static readonly TimeSpan AfterColdStart = TimeSpan.FromSeconds(5);

    /// <summary>What the Functions host does not tell by itself: it sends requests and logs, ours included.</summary>
    public static void AddAzureMonitorBesideFunctions(this IHostApplicationBuilder builder) => builder.Add(AfterColdStart, options =>
    {
        options.EnableStandardMetrics = false;
        options.EnablePerformanceCounters = false;
    });

    /// <summary>Everything: requests and logs, too.</summary>
    public static void AddAzureMonitor(this IHostApplicationBuilder builder)
    {
        if (builder.Add(TimeSpan.Zero, _ => { }, "Microsoft.AspNetCore") is { } configure)
        {
            builder.Logging.AddOpenTelemetry(logs =>
            {
                logs.IncludeFormattedMessage = true;
                logs.SetResourceBuilder(Export.Resource()).AddAzureMonitorLogExporter(configure);
            });
        }
    }

    /// <returns>How exporters are configured; null without the setting, when nothing was added.</returns>
    private static Action<AzureMonitorExporterOptions>? Add(this IHostApplicationBuilder builder, TimeSpan after, Action<AzureMonitorExporterOptions> more, params string[] sources)
    {
        if (builder.Configuration["APPLICATIONINSIGHTS_CONNECTION_STRING"] is not { Length: > 0 } connection)
        {
            return null;
        }

        var byIdentity = builder.Configuration["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"]?.Contains("Authorization=AAD", StringComparison.OrdinalIgnoreCase) == true;
        builder.Services.AddSingleton<IHostedService>(_ => new Export(() => Build(Configure, sources), after));
        return Configure;

        void Configure(AzureMonitorExporterOptions options)
        {
            options.ConnectionString = connection;
            options.Credential = byIdentity ? new DefaultAzureCredential() : null;
            options.DisableOfflineStorage = true; // an instance has no disk that outlives it
            options.EnableTraceBasedLogsSampler = false; // a warning is kept whether or not its trace is
            more(options);
        }
    }

    // Traces: five a second, unless OTEL_TRACES_SAMPLER says otherwise.
    private static IEnumerable<IDisposable> Build(Action<AzureMonitorExporterOptions> configure, string[] sources) =>
    [
        Sdk.CreateMeterProviderBuilder().SetResourceBuilder(Export.Resource()).AddMeter("Billing").AddAzureMonitorMetricExporter(configure).Build(),
        Sdk.CreateTracerProviderBuilder().SetResourceBuilder(Export.Resource()).AddSource("Billing").AddSource(sources).AddAzureMonitorTraceExporter(configure).Build(),
    ];
}
