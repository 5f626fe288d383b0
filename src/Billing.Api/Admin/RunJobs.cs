using System.Collections.Immutable;
using Billing.Api.Http;
using Billing.Engine.Due;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Admin;

/// <summary><c>POST /admin/jobs/renewals</c>: what the timer runs.</summary>
public static class RunRenewals
{
    public const string Route = "api/v1/admin/jobs/renewals";

    public static readonly ApiEndpoint Endpoint = new("RunRenewals", "POST", Route, Access.Operator, request => JobRun.HandleAsync(request, Queues.Renewals));
}

/// <summary><c>POST /admin/jobs/overage-charges</c>: what the timer runs.</summary>
public static class RunOverageCharges
{
    public const string Route = "api/v1/admin/jobs/overage-charges";

    public static readonly ApiEndpoint Endpoint = new("RunOverageCharges", "POST", Route, Access.Operator, request => JobRun.HandleAsync(request, Queues.OverageCharges));
}

/// <summary><c>POST /admin/jobs/expirations</c>: what the timers of expirations and of webhook deliveries run.</summary>
public static class RunExpirations
{
    public const string Route = "api/v1/admin/jobs/expirations";

    public static readonly ApiEndpoint Endpoint = new("RunExpirations", "POST", Route, Access.Operator, request => JobRun.HandleAsync(request, Queues.Expirations, Queues.Webhooks));
}

internal static class JobRun
{
    /// <summary>Runs a job and those that go with it; the answer counts them as one.</summary>
    public static async Task<IResult> HandleAsync(ApiRequest request, params string[] jobs)
    {
        if (request.Body.Refusal() is { } mistakes)
        {
            return request.Refuse(mistakes);
        }

        var view = new JobRunView(jobs[0], 0, 0, []);
        foreach (var job in jobs)
        {
            var run = await request.Backend.Jobs.RunAsync(job, request.Cancellation).ConfigureAwait(false);
            view = view with { Due = view.Due + run.Due, Rung = view.Rung + run.Sent, FailedShards = [.. view.FailedShards.Union(run.FailedShards).Order()] };
        }

        return JsonReply.Of(view);
    }
}

/// <param name="Rung">Messages that were sent; the word on the wire is an older one.</param>
/// <param name="FailedShards">Shards that did not answer; run it again when they do. Empty where all did.</param>
internal sealed record JobRunView(string Job, int Due, int Rung, ImmutableArray<int> FailedShards);
