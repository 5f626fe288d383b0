using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
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
            logs.SetResourceBuilder(Describe(ResourceBuilder.CreateDefault())).AddOtlpExporter();
        });
        builder.Services.AddHostedService<Export>();
    }

    // What the environment says about the service comes last, so it wins.
    private static ResourceBuilder Describe(ResourceBuilder resource) => resource.AddService("billing").AddEnvironmentVariableDetector();

    /// <summary>Begins before the first request, and sends what is left when the process stops.</summary>
    private sealed class Export : IHostedLifecycleService, IDisposable
    {
        private MeterProvider? _metrics;
        private TracerProvider? _traces;

        public Task StartingAsync(CancellationToken cancellationToken)
        {
            _metrics = Sdk.CreateMeterProviderBuilder().ConfigureResource(resource => Describe(resource)).AddMeter(Meters).AddOtlpExporter().Build();
            _traces = Sdk.CreateTracerProviderBuilder().ConfigureResource(resource => Describe(resource)).AddSource(Sources).AddOtlpExporter().Build();
            return Task.CompletedTask;
        }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
            _metrics?.Dispose();
            _traces?.Dispose();
        }
    }
}
