using System.Reflection;
using Billing.Functions.Timers;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Billing.Functions.Tests;

public sealed class TimerTriggerTests
{
    private readonly LogBook _log = new();

    public static TheoryData<Type, string> Timers => new()
    {
        { typeof(RenewalsTimer), Queues.Renewals },
        { typeof(OverageChargesTimer), Queues.OverageCharges },
        { typeof(ExpirationsTimer), Queues.Expirations },
        { typeof(RetentionTimer), Queues.Retention },
        { typeof(AuditsTimer), Queues.Audits },
        { typeof(WebhooksTimer), Queues.Webhooks },
    };

    [Theory, MemberData(nameof(Timers))]
    public async Task It_runs_its_job(Type timer, string job)
    {
        await RunAsync(timer, late: false);

        Assert.Equal((LogLevel.Information, $"{job}: 0 due, 0 rung"), Assert.Single(_log.Lines));
    }

    [Theory, MemberData(nameof(Timers))]
    public async Task A_late_run_is_logged_and_does_the_same(Type timer, string job)
    {
        await RunAsync(timer, late: true);

        Assert.Equal([(LogLevel.Warning, $"{job} runs late"), (LogLevel.Information, $"{job}: 0 due, 0 rung")], _log.Lines);
    }

    private Task RunAsync(Type timer, bool late)
    {
        var run = timer.GetMethod("Run", BindingFlags.Public | BindingFlags.Instance)!;
        return (Task)run.Invoke(Activator.CreateInstance(timer, _log.Runs()), [new TimerInfo { IsPastDue = late }, CancellationToken.None])!;
    }
}
