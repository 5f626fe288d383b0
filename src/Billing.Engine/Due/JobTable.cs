using System.Collections.Immutable;
using Billing.Engine.Audits;
using Billing.Engine.Committing;
using Billing.Engine.Feed;
using Billing.Engine.Ports;
using Billing.Engine.Refunds;
using Billing.Engine.Retention;
using Billing.Engine.Webhooks;
using Billing.Events;
using Billing.Generations;
using Billing.Webhooks;
using Billing.Workspaces;

namespace Billing.Engine.Due;

/// <summary>A job: a queue, who consumes it, and a timer that looks in the due index for what it should be told of.</summary>
/// <param name="Schedule">One of <see cref="Schedules"/>; null where every message is sent by a commit.</param>
/// <param name="Consumer">Makes its consumer, one for a process.</param>
public sealed record Job(string Queue, string? Schedule, Func<JobPorts, IConsumer> Consumer)
{
    /// <summary>When a workspace, as it is now, has something due for it; nulls are never.</summary>
    public Func<Workspace, DateTimeOffset, ImmutableArray<DateTimeOffset?>> DueAt { get; init; } = (_, _) => [];

    /// <summary>What a commit tells it of a row that it writes or, given as null, deletes; null for nothing.</summary>
    public Func<Workspace, string, Record?, string?> Message { get; init; } = (_, _, _) => null;
}

/// <summary>What consumers need from outside.</summary>
/// <param name="Clock">The one clock.</param>
public sealed record JobPorts(ITableStore Store, IMessageQueue Messages, WorkspaceWriter Writer, TimeProvider Clock, WebhookPorts Webhooks);

/// <summary>
/// THE table of jobs. The Host runs what stands here; the Functions app has a trigger for each queue and each schedule, OpenAPI names the queues, and Bicep
/// makes those; tests hold all of them to this table.
/// </summary>
public static class JobTable
{
    public static readonly ImmutableArray<Job> All =
    [
        new(Queues.Refunds, null, ports => new RefundConsumer(ports.Writer))
        {
            Message = (_, _, record) => record is Refund { Status: RefundStatus.Pending } refund ? refund.Id : null,
        },
        new(Queues.Renewals, Schedules.Renewals, ports => CatchesUp(Queues.Renewals, ports))
        {
            DueAt = (workspace, _) => [new[] { workspace.Grants.NextExpiryAt, workspace.Subscription?.DueAt, workspace.Subscription?.PausesAt }.Min()],
        },
        new(Queues.OverageCharges, Schedules.OverageCharges, ports => CatchesUp(Queues.OverageCharges, ports))
        {
            DueAt = (workspace, _) => [workspace.Overage.DueAt],
        },
        new(Queues.Expirations, Schedules.Expirations, ports => CatchesUp(Queues.Expirations, ports))
        {
            // A message can be lost with the process that sent it; whoever looks at the workspace an hour later sends it again.
            DueAt = (workspace, now) => [workspace.RunningSpans.NextExpiryAt, workspace.PendingRefunds > 0 ? now.AddHours(1) : null],
        },
        new(Queues.Retention, Schedules.Retention, ports => new RetentionConsumer(ports.Store, ports.Clock)),
        new(Queues.Audits, Schedules.Audits, ports => new AuditConsumer(ports)),
        new(Queues.Webhooks, Schedules.Webhooks, ports => new WebhookConsumer(ports.Webhooks))
        {
            Message = (workspace, key, record) => record switch
            {
                ScheduledAttempt note => note.MessageIn(workspace.WorkspaceId),
                null when key.StartsWith(WebhookEndpoint.Prefix, StringComparison.Ordinal) => Ids.Of("we", workspace.WorkspaceId, key[WebhookEndpoint.Prefix.Length..]),
                _ => null,
            },
        },
        new(Queues.SellerEvents, null, ports => new FeedConsumer(ports))
        {
            // One for a commit, whatever it tells: the feed takes what is missing, in order.
            Message = (workspace, _, record) => record is BillingEvent { Source: null } ? Ids.Of("evt", workspace.WorkspaceId, workspace.Events) : null,
        },
    ];

    private static DueConsumer CatchesUp(string queue, JobPorts ports) => new(queue, ports.Store, ports.Messages, ports.Writer, ports.Clock);
}

public static class Queues
{
    public const string Refunds = "refunds";
    public const string Renewals = "renewals";
    public const string OverageCharges = "overage-charges";
    public const string Expirations = "expirations";
    public const string Retention = "retention";
    public const string Audits = "audits";
    public const string Webhooks = "webhook-deliveries";
    public const string SellerEvents = "seller-events";

    /// <summary>
    /// Ends the name of the queue where messages that were given up wait for an operator; nothing consumes it. It is not <c>-poison</c>, because that one
    /// is the Functions host's own: its messages expire after a week, and a trigger brings them here.
    /// </summary>
    public const string PoisonSuffix = "-parked";

    /// <summary>Every queue, without the poison queue that each of them has.</summary>
    public static ImmutableArray<string> All { get; } = [.. JobTable.All.Select(job => job.Queue)];
}

/// <summary>When the timers run: six-field CRON, UTC, written once for the Functions app's triggers and the Host's timers.</summary>
public static class Schedules
{
    /// <summary>Every five minutes: whoever uses a workspace renews it before that.</summary>
    public const string Renewals = "0 */5 * * * *";

    /// <summary>Every hour; the month's first run finds what there is to charge, every other one nothing.</summary>
    public const string OverageCharges = "0 10 * * * *";

    public const string Expirations = "0 * * * * *";

    /// <summary>Every minute, between the expirations: attempts have messages of their own, and this finds those whose message was lost.</summary>
    public const string Webhooks = "30 * * * * *";

    public const string Retention = "0 40 * * * *";

    /// <summary>Every hour: workspaces have hours of the night of their own.</summary>
    public const string Audits = "0 20 * * * *";

    public static ImmutableArray<(string Job, string Schedule)> All { get; } =
        [.. JobTable.All.Where(job => job.Schedule is not null).Select(job => (job.Queue, job.Schedule!))];
}
