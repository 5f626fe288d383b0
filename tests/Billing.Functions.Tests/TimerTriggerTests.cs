using System.Reflection;
using Billing.Engine.Due;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Billing.Functions.Tests;

public sealed class TimerTriggerTests
{
    private readonly LogBook _log = new();

    public static TheoryData<string> Jobs => [.. Schedules.All.Select(one => one.Job)];

    [Theory, MemberData(nameof(Jobs))]
    public async Task It_runs_its_job(string job)
    {
        await RunAsync(job, late: false);

        Assert.Equal((LogLevel.Information, $"{job}: 0 due, 0 sent"), Assert.Single(_log.Lines));
    }

    [Theory, MemberData(nameof(Jobs))]
    public async Task A_late_run_is_logged_and_does_the_same(string job)
    {
        await RunAsync(job, late: true);

        Assert.Equal([(LogLevel.Warning, $"{job} runs late"), (LogLevel.Information, $"{job}: 0 due, 0 sent")], _log.Lines);
    }

    private Task RunAsync(string job, bool late)
    {
        var schedule = Schedules.All.Single(one => one.Job == job).Schedule;
        var run = typeof(TimerFunctions).GetMethods().Single(method => method.GetParameters().Any(parameter => parameter.GetCustomAttribute<TimerTriggerAttribute>()?.Schedule == schedule));
        return (Task)run.Invoke(new TimerFunctions(_log.Runs(), drain: null!), [new TimerInfo { IsPastDue = late }, CancellationToken.None])!;
    }
}
