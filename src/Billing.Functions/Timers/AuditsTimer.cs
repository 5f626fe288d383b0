using Billing.Jobs;

namespace Billing.Functions.Timers;

/// <summary>Finds the workspaces to audit tonight.</summary>
public sealed class AuditsTimer(JobRuns runs)
{
    /// <summary>Runs on schedule.</summary>
    [Function("AuditsTimer")]
    public Task Run([TimerTrigger(Schedules.Audits)] TimerInfo timer, CancellationToken cancellation) => runs.RunAsync(Queues.Audits, timer, cancellation);
}
