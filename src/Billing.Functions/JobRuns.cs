using Billing.Api.Jobs;
using Microsoft.Extensions.Logging;

namespace Billing.Functions;

/// <summary>
/// Runs a job for its timer. The Functions host fires a timer on one instance only, and fires a missed one once when it is back: a run takes whatever is
/// due by now, so a late one has nothing to make up for.
/// </summary>
public sealed partial class JobRuns(JobRunner jobs, ILogger<JobRuns> logger)
{
    /// <summary>Finds what is due and sends messages for it.</summary>
    public async Task RunAsync(string job, TimerInfo timer, CancellationToken cancellation)
    {
        if (timer.IsPastDue)
        {
            Log.JobLate(logger, job);
        }

        await jobs.RunAsync(job, cancellation);
    }

    private static partial class Log
    {
        [LoggerMessage(112, LogLevel.Warning, "{Job} runs late")]
        public static partial void JobLate(ILogger logger, string job);
    }
}
