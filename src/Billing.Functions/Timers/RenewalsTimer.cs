using Billing.Jobs;

namespace Billing.Functions.Timers;

/// <summary>Finds workspaces whose billing anniversary has come.</summary>
public sealed class RenewalsTimer(JobRuns runs)
{
    /// <summary>Runs on schedule.</summary>
    [Function("RenewalsTimer")]
    public Task Run([TimerTrigger(Schedules.Renewals)] TimerInfo timer, CancellationToken cancellation) => runs.RunAsync(Queues.Renewals, timer, cancellation);
}
