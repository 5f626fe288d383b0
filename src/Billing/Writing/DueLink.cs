using System.Globalization;
using Billing.Accounts;
using Billing.Webhooks;

namespace Billing.Writing;

/// <summary>A note in the due index: this workspace has something due within that hour. Written before the state that needs it; one that points to nothing is harmless.</summary>
/// <param name="Job">Which job looks for it: one of <see cref="Queues"/>.</param>
/// <param name="Hour">The hour, UTC.</param>
public readonly record struct DueLink(string Job, DateTimeOffset Hour)
{
    private const string HourFormat = "yyyy-MM-dd'T'HH";
    private const int HoursOfANight = 8;

    // A commit may arrive minutes after its link was written. In an hour that is over by then, the link could have been tidied away.
    private static readonly TimeSpan Latest = TimeSpan.FromMinutes(15);

    /// <summary>A link for something that is due at an instant.</summary>
    public static DueLink At(string job, DateTimeOffset at)
    {
        var utc = at.UtcDateTime;
        return new DueLink(job, new DateTimeOffset(utc.Year, utc.Month, utc.Day, utc.Hour, 0, 0, TimeSpan.Zero));
    }

    /// <summary>The link of a workspace's audit in the coming night: workspaces have hours of their own, or all would want storage at once. Each audit writes the next one's.</summary>
    public static DueLink NextAudit(string workspaceId, DateTimeOffset now) =>
        new(Queues.Audits, new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddDays(1).AddHours(workspaceId[^1] % HoursOfANight));

    /// <summary>The partition that holds it.</summary>
    public Partition Partition => new(Table.Schedule, Key(Job, Hour));

    /// <summary>First instant after its hour.</summary>
    public DateTimeOffset EndsAt => Hour.AddHours(1);

    /// <summary>The partitions of a job's links up to the hour of an instant.</summary>
    public static KeyRange Until(string job, DateTimeOffset now) => new(job + "|", Key(job, At(job, now).EndsAt));

    /// <summary>The link that a partition of the due index stands for.</summary>
    public static DueLink Of(Partition partition) =>
        TryParse(partition.Key, out var link) ? link : throw new FormatException($"{partition.Key} is not a partition of the due index.");

    /// <summary>Reads the key of such a partition.</summary>
    public static bool TryParse(string text, out DueLink link)
    {
        var parts = text.Split('|');
        var known = parts.Length == 2
            & DateTimeOffset.TryParseExact(parts[^1], HourFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var hour);
        link = new DueLink(parts[0], hour);
        return known;
    }

    /// <summary>The links that an account needs. What is due already gets one that nobody takes away before the account is stored.</summary>
    public static IEnumerable<DueLink> Of(Account account, DateTimeOffset now) =>
        Needs(account, now).Select(need => At(need.Job, need.At > now ? need.At : now + Latest));

    /// <summary>What is or will be due in an account, for which job and when.</summary>
    public static IEnumerable<(string Job, DateTimeOffset At)> Needs(Account account, DateTimeOffset now)
    {
        if (Earliest(account.Grants.NextExpiryAt, account.Subscription?.DueAt) is { } renewsAt)
        {
            yield return (Queues.Renewals, renewsAt);
        }

        if (account.Overage.DueAt is { } closesAt)
        {
            yield return (Queues.OverageCharges, closesAt);
        }

        if (account.NextExpiryAt is { } expiresAt)
        {
            yield return (Queues.Expirations, expiresAt);
        }

        // A doorbell can be lost with the process that rang it; whoever looks at the workspace an hour later rings again.
        if (account.PendingRefunds > 0 || account.PendingEvents > 0)
        {
            yield return (Queues.Expirations, now.AddHours(1));
        }
    }

    /// <summary>The links that a commit needs: the account's, and one a day for what it writes that is not kept for ever (operations two days, events 31).</summary>
    public static IEnumerable<DueLink> Of(Draft draft)
    {
        var today = new DateTimeOffset(draft.Now.UtcDateTime.Date, TimeSpan.Zero);
        var links = Of(draft.Account, draft.Now);
        links = draft.Written.Values.Any(record => record is Operation) ? links.Append(At(Queues.Retention, today.AddDays(2))) : links;
        return draft.Written.Values.Any(record => record is BillingEvent) ? links.Append(At(Queues.Retention, today.AddDays(31))) : links;
    }

    /// <summary>True when an account has nothing left to do that this link would be needed for.</summary>
    public bool IsDone(Account account, DateTimeOffset now)
    {
        var link = this;
        var pending = Job == Queues.Expirations && (account.PendingRefunds > 0 || account.PendingEvents > 0);
        return EndsAt <= now && !pending && !Needs(account, now).Any(need => need.Job == link.Job && need.At < link.EndsAt);
    }

    private static string Key(string job, DateTimeOffset hour) => $"{job}|{hour.UtcDateTime.ToString(HourFormat, CultureInfo.InvariantCulture)}";

    private static DateTimeOffset? Earliest(DateTimeOffset? left, DateTimeOffset? right) => left is null || right < left ? right : left;
}
