using Billing.Api.Http;
using Billing.Jobs;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Admin;

/// <summary><c>POST /admin/jobs/renewals</c>: what the timer runs.</summary>
public static class RunRenewals
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("RunRenewals", "POST", Routes.AdminRenewals, Access.Operator, call => JobRun.HandleAsync(call, Queues.Renewals));
}

/// <summary><c>POST /admin/jobs/overage-charges</c>: what the timer runs.</summary>
public static class RunOverageCharges
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("RunOverageCharges", "POST", Routes.AdminOverageCharges, Access.Operator, call => JobRun.HandleAsync(call, Queues.OverageCharges));
}

/// <summary><c>POST /admin/jobs/expirations</c>: what the timers of expirations and of webhook deliveries run.</summary>
public static class RunExpirations
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("RunExpirations", "POST", Routes.AdminExpirations, Access.Operator, call => JobRun.HandleAsync(call, Queues.Expirations, Queues.Webhooks));
}

internal static class JobRun
{
    /// <summary>Runs a job and those that go with it; the answer counts them as one.</summary>
    public static async Task<IResult> HandleAsync(Call call, params string[] jobs)
    {
        if (call.Body.Mistakes is { } mistakes)
        {
            return call.Refuse(mistakes);
        }

        var run = new DueRun(jobs[0], 0, 0);
        foreach (var job in jobs)
        {
            var one = await call.Backend.Jobs.RunAsync(job, call.Cancellation).ConfigureAwait(false);
            run = run with { Due = run.Due + one.Due, Rung = run.Rung + one.Rung };
        }

        return JsonReply.Of(run);
    }
}
