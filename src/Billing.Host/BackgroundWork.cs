using Billing.Api.Health;
using Billing.Api.Jobs;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Storage;

namespace Billing.Host;

/// <summary>What the Functions app's timer and queue triggers do, in this process.</summary>
internal static class BackgroundWork
{
    public static void AddBackgroundWork(this IServiceCollection services)
    {
        services.AddSingleton<WakeSignals>();
        services.AddSingleton<IMessageQueue>(provider => new WakingMessageQueue(provider.GetRequiredService<MessageQueue>(), provider.GetRequiredService<WakeSignals>()));
        services.AddSingleton<StorageSetup>();
        services.AddHostedService(provider => provider.GetRequiredService<StorageSetup>());
        foreach (var (job, schedule) in Schedules.All)
        {
            services.AddSingleton<IHostedService>(provider => ActivatorUtilities.CreateInstance<JobTimer>(provider, job, schedule));
        }

        services.AddSingleton<IHostedService>(provider => new Pumps(provider));
    }

    /// <summary>One pump for each consumer and shard.</summary>
    private sealed class Pumps(IServiceProvider provider) : IHostedService, IDisposable
    {
        private readonly List<QueuePump> _pumps =
        [
            .. provider.GetRequiredService<ShardMap>().All
                .SelectMany(shard => provider.GetRequiredService<MessageDispatcher>().QueueNames.Select(name => new ShardQueue(shard, name)))
                .Select(queue => ActivatorUtilities.CreateInstance<QueuePump>(provider, queue)),
        ];

        public Task StartAsync(CancellationToken cancellationToken) => Task.WhenAll(_pumps.Select(pump => pump.StartAsync(cancellationToken)));

        public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(_pumps.Select(pump => pump.StopAsync(cancellationToken)));

        public void Dispose() => _pumps.ForEach(pump => pump.Dispose());
    }
}
