using Billing.Api.Health;
using Billing.Api.Jobs;
using NCrontab;

namespace Billing.Host;

/// <summary>Runs a job on its schedule. A late or doubled run changes nothing.</summary>
internal sealed partial class JobTimer(string job, string schedule, JobRunner jobs, StorageSetup storage, ILogger<JobTimer> logger) : BackgroundService
{
    private readonly CrontabSchedule _schedule = CrontabSchedule.Parse(schedule, new CrontabSchedule.ParseOptions { IncludingSeconds = true });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await storage.WaitForAnyAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            var now = DateTime.UtcNow;
            try
            {
                await Task.Delay(_schedule.GetNextOccurrence(now) - now, stoppingToken);
                await jobs.RunAsync(job, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // the next tick tries again
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Log.JobFailed(logger, exception, job);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(111, LogLevel.Error, "{Job} failed; the next tick tries again")]
        public static partial void JobFailed(ILogger logger, Exception exception, string job);
    }
}
