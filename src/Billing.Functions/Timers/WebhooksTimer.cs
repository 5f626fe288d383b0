using Billing.Jobs;

namespace Billing.Functions.Timers;

/// <summary>Finds webhook deliveries that are due and whose bell was lost.</summary>
public sealed class WebhooksTimer(JobRuns runs)
{
    /// <summary>Runs on schedule.</summary>
    [Function("WebhooksTimer")]
    public Task Run([TimerTrigger(Schedules.Webhooks)] TimerInfo timer, CancellationToken cancellation) => runs.RunAsync(Queues.Webhooks, timer, cancellation);
}
