using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Billing.Telemetry;

/// <summary>
/// Sends metrics, traces and logs to an OpenTelemetry collector when the environment names one, as <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>. All else that
/// OpenTelemetry defines is read from the environment by its SDK: protocol, headers, sampler, <c>OTEL_SERVICE_NAME</c>.
/// </summary>
public static class Collector
{
    private static readonly string[] Meters = ["Billing", "Microsoft.AspNetCore.*", "System.Runtime", "System.Net.Http"];
    private static readonly string[] Sources = ["Billing", "Microsoft.AspNetCore", "Microsoft.Azure.Functions.Worker"];

    /// <summary>Registers the export; without a collector it costs nothing.</summary>
    public static void AddCollector(this IHostApplicationBuilder builder)
    {
        if (string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            return;
        }

        builder.Logging.AddOpenTelemetry(logs =>
        {
            logs.IncludeFormattedMessage = true;
            logs.SetResourceBuilder(Export.Resource()).AddOtlpExporter();
        });
        builder.Services.AddSingleton<IHostedService>(_ => new Export(Build, TimeSpan.Zero));
    }

    private static IEnumerable<IDisposable> Build() =>
    [
        Sdk.CreateMeterProviderBuilder().SetResourceBuilder(Export.Resource()).AddMeter(Meters).AddOtlpExporter().Build(),
        Sdk.CreateTracerProviderBuilder().SetResourceBuilder(Export.Resource()).AddSource(Sources).AddOtlpExporter().Build(),
    ];
}
