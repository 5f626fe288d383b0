using Billing.Jobs;

namespace Billing.Functions.Timers;

/// <summary>Finds workspaces with generations that nobody settled in time.</summary>
public sealed class ExpirationsTimer(JobRuns runs)
{
    /// <summary>Runs on schedule.</summary>
    [Function("ExpirationsTimer")]
    public Task Run([TimerTrigger(Schedules.Expirations)] TimerInfo timer, CancellationToken cancellation) => runs.RunAsync(Queues.Expirations, timer, cancellation);
}
