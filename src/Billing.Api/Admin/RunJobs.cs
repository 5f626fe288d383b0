using Billing.Api.Http;
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

/// <summary><c>POST /admin/jobs/expirations</c>: what the timer runs.</summary>
public static class RunExpirations
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("RunExpirations", "POST", Routes.AdminExpirations, Access.Operator, call => JobRun.HandleAsync(call, Queues.Expirations));
}

internal static class JobRun
{
    public static async Task<IResult> HandleAsync(Call call, string job) => call.Body.Mistakes is { } mistakes
        ? call.Refuse(mistakes)
        : JsonReply.Of(await call.Backend.Jobs.RunAsync(job, call.Cancellation).ConfigureAwait(false));
}
