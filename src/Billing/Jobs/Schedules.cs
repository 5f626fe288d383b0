using System.Collections.Immutable;

namespace Billing.Jobs;

/// <summary>When the timers run: six-field CRON, UTC, written once for the Functions app's triggers and the Host's timers.</summary>
public static class Schedules
{
    /// <summary>Every five minutes: whoever touches an account renews it before that.</summary>
    public const string Renewals = "0 */5 * * * *";

    /// <summary>Every hour; the month's first run finds what there is to charge, every other one nothing.</summary>
    public const string OverageCharges = "0 10 * * * *";

    /// <summary>Every minute.</summary>
    public const string Expirations = "0 * * * * *";

    /// <summary>Every minute, between the expirations: retries have bells of their own, and this finds those whose bell was lost.</summary>
    public const string Webhooks = "30 * * * * *";

    /// <summary>Every hour, away from the others.</summary>
    public const string Retention = "0 40 * * * *";

    /// <summary>Every hour: workspaces have hours of the night of their own.</summary>
    public const string Audits = "0 20 * * * *";

    /// <summary>Every job with its schedule.</summary>
    public static readonly ImmutableArray<(string Job, string Schedule)> All =
    [
        (Queues.Renewals, Renewals),
        (Queues.OverageCharges, OverageCharges),
        (Queues.Expirations, Expirations),
        (Queues.Webhooks, Webhooks),
        (Queues.Retention, Retention),
        (Queues.Audits, Audits),
    ];
}
