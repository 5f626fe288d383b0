using System.Diagnostics;
using Billing.Api.Telemetry;
using Billing.Engine.Due;
using Microsoft.Extensions.Logging;

namespace Billing.Api.Jobs;

/// <summary>Runs jobs, and tells of it: what the Host's timers, the Functions app's and the operator's requests have in common.</summary>
public sealed partial class JobRunner(DueJob jobs, BillingMetrics metrics, ILogger<JobRunner> logger)
{
    /// <summary>Finds what is due and sends messages for it.</summary>
    public async Task<DueRun> RunAsync(string job, CancellationToken cancellation)
    {
        using var span = Spans.Source.StartActivity("run job", ActivityKind.Internal);
        span?.SetTag("billing.job", job);
        try
        {
            var run = await jobs.RunAsync(job, cancellation).ConfigureAwait(false);
            metrics.Ran(job, run.Due, run.Sent);
            span?.SetTag("billing.job.due", run.Due).SetTag("billing.job.rung", run.Sent);
            Log.JobRan(logger, job, run.Due, run.Sent);
            if (!run.FailedShards.IsEmpty)
            {
                Log.ShardsAway(logger, job, string.Join(", ", run.FailedShards));
            }

            return run;
        }
        catch (Exception exception)
        {
            span.Fail(exception.GetType().FullName!);
            throw;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(110, LogLevel.Information, "{Job}: {Due} due, {Sent} sent")]
        public static partial void JobRan(ILogger logger, string job, int due, int sent);

        [LoggerMessage(113, LogLevel.Error, "{Job}: shards {Shards} did not answer; what is due there waits for the next run")]
        public static partial void ShardsAway(ILogger logger, string job, string shards);
    }
}
