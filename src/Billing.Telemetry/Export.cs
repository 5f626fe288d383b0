using Microsoft.Extensions.Hosting;
using OpenTelemetry.Resources;

namespace Billing.Telemetry;

/// <summary>Has providers built, before the first request or a while after the start, and sends what is left when the process stops.</summary>
internal sealed class Export(Func<IEnumerable<IDisposable>> build, TimeSpan after) : BackgroundService, IHostedLifecycleService
{
    private List<IDisposable> _providers = [];

    // What the environment says about the service comes last, so it wins.
    public static ResourceBuilder Resource() => ResourceBuilder.CreateDefault().AddService("billing").AddEnvironmentVariableDetector();

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (after == TimeSpan.Zero)
        {
            _providers = [.. build()];
        }

        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Dispose()
    {
        _providers.ForEach(provider => provider.Dispose());
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (after > TimeSpan.Zero)
        {
            await Task.Delay(after, stoppingToken);
            _providers = [.. build()];
        }
    }
}
