using Billing.Jobs;

namespace Billing.Functions.Timers;

/// <summary>Finds workspaces with overage of a month that is over.</summary>
public sealed class OverageChargesTimer(JobRuns runs)
{
    /// <summary>Runs on schedule.</summary>
    [Function("OverageChargesTimer")]
    public Task Run([TimerTrigger(Schedules.OverageCharges)] TimerInfo timer, CancellationToken cancellation) => runs.RunAsync(Queues.OverageCharges, timer, cancellation);
}
