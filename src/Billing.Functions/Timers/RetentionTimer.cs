using Billing.Jobs;

namespace Billing.Functions.Timers;

/// <summary>Finds workspaces with rows that have had their time.</summary>
public sealed class RetentionTimer(JobRuns runs)
{
    /// <summary>Runs on schedule.</summary>
    [Function("RetentionTimer")]
    public Task Run([TimerTrigger(Schedules.Retention)] TimerInfo timer, CancellationToken cancellation) => runs.RunAsync(Queues.Retention, timer, cancellation);
}
