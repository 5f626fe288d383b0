using System.Globalization;
using Billing.Engine.Committing;
using Billing.Engine.Ports;
using Billing.Events;
using Billing.Workspaces;

namespace Billing.Engine.Due;

/// <summary>An entry of the due index: a workspace has something due within that hour. Written before the state that needs it; one that points to nothing is harmless.</summary>
/// <param name="Job">Which job looks for it: one of <see cref="Queues"/>.</param>
/// <param name="Hour">The hour, UTC.</param>
/// <param name="Shard">The shard of its workspaces: each has a due index of its own.</param>
public readonly record struct DueIndexEntry(string Job, DateTimeOffset Hour, int Shard)
{
    private const string HourFormat = "yyyy-MM-dd'T'HH";
    private const int HoursOfANight = 8;

    // A commit may arrive minutes after its entry was written. In an hour that is over by then, the entry could have been tidied away.
    private static readonly TimeSpan Latest = TimeSpan.FromMinutes(15);

    /// <summary>A workspace's entry for something that is due at an instant.</summary>
    public static DueIndexEntry At(string workspaceId, string job, DateTimeOffset at) => new(job, HourOf(at), ShardMap.ShardOf(workspaceId));

    /// <summary>The entry of a workspace's audit in the coming night: workspaces have hours of their own, or all would want storage at once. Each audit writes the next one's.</summary>
    public static DueIndexEntry NextAudit(string workspaceId, DateTimeOffset now) =>
        new(Queues.Audits, new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddDays(1).AddHours(workspaceId[^1] % HoursOfANight), ShardMap.ShardOf(workspaceId));

    /// <summary>The entry for what comes into being at an instant and is kept so long: on the day after, when it has had its time. One a day serves all of a day.</summary>
    public static DueIndexEntry Retention(string workspaceId, DateTimeOffset at, TimeSpan kept) =>
        At(workspaceId, Queues.Retention, new DateTimeOffset(at.UtcDateTime.Date, TimeSpan.Zero) + kept + TimeSpan.FromDays(1));

    public Partition Partition => new(Table.Schedule, Key(Job, Hour), Shard);

    /// <summary>First instant after its hour.</summary>
    public DateTimeOffset EndsAt => Hour.AddHours(1);

    /// <summary>The partitions of a job's entries up to the hour of an instant.</summary>
    public static KeyRange Until(string job, DateTimeOffset now) => new(job + "|", Key(job, HourOf(now).AddHours(1)));

    /// <summary>The entry that a partition of the due index stands for.</summary>
    public static DueIndexEntry Of(Partition partition) =>
        TryParse(partition.Key, partition.DueShard, out var entry) ? entry : throw new FormatException($"{partition.Key} is not a partition of the due index.");

    public static bool TryParse(string text, int shard, out DueIndexEntry entry)
    {
        var parts = text.Split('|');
        var known = parts.Length == 2
            & DateTimeOffset.TryParseExact(parts[^1], HourFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var hour);
        entry = new DueIndexEntry(parts[0], hour, shard);
        return known;
    }

    /// <summary>The entries that a workspace needs. What is due already gets one that nobody takes away before the account row is stored.</summary>
    public static IEnumerable<DueIndexEntry> Of(Workspace workspace, DateTimeOffset now) =>
        Needs(workspace, now).Select(need => At(workspace.WorkspaceId, need.Job, need.At > now ? need.At : now + Latest));

    /// <summary>What is or will be due in a workspace, for which job and when.</summary>
    public static IEnumerable<(string Job, DateTimeOffset At)> Needs(Workspace workspace, DateTimeOffset now) =>
        from job in JobTable.All
        from at in job.DueAt(workspace, now)
        where at is not null
        select (job.Queue, at.Value);

    /// <summary>The entries that a commit needs: the workspace's, one for what is to be sent, and one a day for what is not kept for ever.</summary>
    public static IEnumerable<DueIndexEntry> Of(UnitOfWork unit)
    {
        var workspaceId = unit.Workspace.WorkspaceId;
        return Of(unit.Workspace, unit.Now).Concat(unit.Written.Values.Select(record => record switch
        {
            Operation => Retention(workspaceId, unit.Now, Operation.KeptFor),
            BillingEvent => Retention(workspaceId, unit.Now, BillingEvent.KeptFor),
            ScheduledAttempt => At(workspaceId, Queues.Webhooks, unit.Now + Latest),
            _ => (DueIndexEntry?)null,
        }).OfType<DueIndexEntry>());
    }

    /// <summary>True when a workspace has nothing left to do that this entry would be needed for.</summary>
    public bool IsDone(Workspace workspace, DateTimeOffset now)
    {
        var entry = this;
        var pending = Job == Queues.Expirations && workspace.PendingRefunds > 0;
        return EndsAt <= now && !pending && !Needs(workspace, now).Any(need => need.Job == entry.Job && need.At < entry.EndsAt);
    }

    private static DateTimeOffset HourOf(DateTimeOffset at)
    {
        var utc = at.UtcDateTime;
        return new DateTimeOffset(utc.Year, utc.Month, utc.Day, utc.Hour, 0, 0, TimeSpan.Zero);
    }

    private static string Key(string job, DateTimeOffset hour) => $"{job}|{hour.UtcDateTime.ToString(HourFormat, CultureInfo.InvariantCulture)}";
}
