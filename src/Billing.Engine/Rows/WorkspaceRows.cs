using System.Collections.Immutable;
using Billing.Engine.Ports;
using Billing.Workspaces;

namespace Billing.Engine.Rows;

/// <summary>The account row: the account with the grants that burn down first, and what the newest commits were.</summary>
internal sealed record WorkspaceRow(
    Workspace Workspace,
    ImmutableArray<Grant> Grants,
    int Overflowing,
    long OverflowVersion,
    DateTimeOffset DecidedAt,
    ImmutableArray<string> Commits);

/// <summary>The grants that do not fit the account row, in burn-down order behind those that do.</summary>
internal sealed record OverflowGrants(ImmutableArray<Grant> Grants, long Version)
{
    public const string RowKey = "shelf";
}

/// <summary>An account as it is stored.</summary>
/// <param name="Overflow">Those of its grants that do not fit the account row.</param>
/// <param name="ETag">Version of the account row; it guards the whole partition, for every commit rewrites it.</param>
public sealed record StoredWorkspace(Workspace Workspace, ImmutableArray<Grant> Overflow, string? ETag)
{
    /// <summary>Grows by one whenever the overflow grants change.</summary>
    public long OverflowVersion { get; init; }

    /// <summary>The instant of the newest commit.</summary>
    public DateTimeOffset DecidedAt { get; init; }

    /// <summary>Names of the newest commits, the newest last.</summary>
    public ImmutableArray<string> Commits { get; init; } = [];

    /// <summary>The instant to decide at when a clock says <paramref name="now"/>: instances' clocks differ, an account's time never goes back.</summary>
    public DateTimeOffset NotBefore(DateTimeOffset now) => DecidedAt > now && DecidedAt - now < MostSkew ? DecidedAt : now;

    // No two instances' clocks are further apart; what is, is a developer's that was set back.
    private static readonly TimeSpan MostSkew = TimeSpan.FromMinutes(5);
}

/// <summary>
/// The account row stays under 8 KiB whatever happens: it holds at most 24 grants, those that burn down first. The others wait in the row of overflow grants,
/// which is read when the account is loaded and written only when its content changes, so a warm admit costs the same with 1,000 top-ups as with one.
/// </summary>
public static class WorkspaceRows
{
    internal const int CommitsNamed = 16;

    private const int MostInline = 24;
    private const int FewestInline = 6;
    private const int InlineAfterMoving = 18;
    private const int MostTries = 16;

    /// <summary>Stores an account that is not there yet, with the records of its opening: one transaction.</summary>
    internal static Task<CommitResult> OpenAsync(ITableStore store, UnitOfWork unit, CancellationToken cancellation)
    {
        var (_, account) = Store(unit.Workspace with { Version = 1 }, former: null);
        var writes = unit.Records.Select(record => new RowWrite(WriteKind.Insert, RowJson.ToRow(record))).Concat(account);
        return store.CommitUntilKnownAsync(new Partition(Table.Ledger, unit.Workspace.WorkspaceId), [.. writes], cancellation);
    }

    /// <summary>Reads an account; null when there is none.</summary>
    /// <param name="known">The account as known; what has not changed since is not read again.</param>
    /// <remarks>One point read; two for an account with more than 24 grants.</remarks>
    public static async Task<StoredWorkspace?> LoadAsync(ITableStore store, string workspaceId, StoredWorkspace? known, CancellationToken cancellation)
    {
        var partition = new Partition(Table.Ledger, workspaceId);
        for (var tries = 0; tries < MostTries; tries++)
        {
            var row = await store.ReadAsync(partition, Workspace.RowKey, cancellation).ConfigureAwait(false);
            if (row is null || row.ETag == known?.ETag)
            {
                return row is null ? null : known;
            }

            var read = RowJson.Read<WorkspaceRow>(row.Data);
            if (read.Overflowing == 0)
            {
                return Stored(read, [], row.ETag);
            }

            if (known is { Overflow.IsEmpty: false } && known.OverflowVersion == read.OverflowVersion)
            {
                return Stored(read, known.Overflow, row.ETag);
            }

            // Another commit may have changed them between the two reads.
            var overflow = await store.ReadAsync(partition, OverflowGrants.RowKey, cancellation).ConfigureAwait(false);
            if (overflow is not null && RowJson.Read<OverflowGrants>(overflow.Data) is var grants && grants.Version == read.OverflowVersion)
            {
                return Stored(read, grants.Grants, row.ETag);
            }
        }

        throw new StorageUnavailableException("The account's grants changed while they were read, again and again.");
    }

    /// <summary>The writes that store <paramref name="workspace"/> over <paramref name="former"/> (null: it must not exist), and what is stored then.</summary>
    /// <param name="commit">A name that no other commit has; null for none.</param>
    public static (StoredWorkspace Stored, ImmutableArray<RowWrite> Writes) Store(
        Workspace workspace, StoredWorkspace? former, DateTimeOffset decidedAt = default, string? commit = null)
    {
        var before = former?.Overflow ?? [];
        var grants = workspace.Grants;
        var inline = InlineCount(grants, before);
        var overflow = inline == grants.Count - before.Length && !TouchesOverflow(grants, before) ? before : [.. grants.All.Skip(inline)];
        var changes = overflow != before && !overflow.SequenceEqual(before);
        var stored = new StoredWorkspace(workspace with { Grants = grants.Untouched() }, overflow, null)
        {
            OverflowVersion = (former?.OverflowVersion ?? 0) + (changes ? 1 : 0),
            DecidedAt = decidedAt,
            Commits = Named(former?.Commits ?? [], commit),
        };
        var text = RowJson.Write(new WorkspaceRow(
            workspace, [.. grants.All.Take(inline)], overflow.Length, stored.OverflowVersion, decidedAt, stored.Commits));
        var row = new RowWrite(former is null ? WriteKind.Insert : WriteKind.Replace, new Row(Workspace.RowKey, text, null, former?.ETag));
        return changes
            ? (stored, [new RowWrite(WriteKind.Put, new Row(OverflowGrants.RowKey, RowJson.Write(new OverflowGrants(overflow, stored.OverflowVersion)))), row])
            : (stored, [row]);
    }

    private static StoredWorkspace Stored(WorkspaceRow row, ImmutableArray<Grant> overflow, string? etag) =>
        new(row.Workspace with { Grants = BurnDown.Of(row.Grants.Concat(overflow)).Untouched() }, overflow, etag)
        {
            OverflowVersion = row.OverflowVersion,
            DecidedAt = row.DecidedAt,
            Commits = row.Commits,
        };

    private static ImmutableArray<string> Named(ImmutableArray<string> former, string? commit)
    {
        if (commit is null)
        {
            return former;
        }

        return former.Length < CommitsNamed ? former.Add(commit) : [.. former.AsSpan()[^(CommitsNamed - 1)..], commit];
    }

    private static bool TouchesOverflow(BurnDown grants, ImmutableArray<Grant> overflow) => !overflow.IsEmpty && grants.IsTouchedFrom(overflow[0]);

    private static int InlineCount(BurnDown grants, ImmutableArray<Grant> overflow)
    {
        var inline = TouchesOverflow(grants, overflow) ? CountBefore(grants, overflow[0]) : grants.Count - overflow.Length;
        return inline > MostInline || (inline < FewestInline && inline < grants.Count) ? Math.Min(InlineAfterMoving, grants.Count) : inline;
    }

    /// <summary>How many grants burn down before a place, counted no further than matters.</summary>
    private static int CountBefore(BurnDown grants, Grant place)
    {
        var count = 0;
        while (count < grants.Count && count <= MostInline && BurnDown.Compare(grants.All[count], place) < 0)
        {
            count++;
        }

        return count;
    }
}
