using System.Collections.Immutable;

namespace Billing.Accounts;

/// <summary>The account row: the account with the grants that burn down first, and what the newest commits were.</summary>
internal sealed record AccountRow(
    Account Account,
    ImmutableArray<Grant> Grants,
    int Shelved,
    long ShelfVersion,
    DateTimeOffset DecidedAt,
    ImmutableArray<string> Commits);

/// <summary>The grants that do not fit the account row, in burn-down order behind those that do.</summary>
internal sealed record Shelf(ImmutableArray<Grant> Grants, long Version);

/// <summary>An account as it is stored.</summary>
/// <param name="Account">The account.</param>
/// <param name="Shelf">Its grants that are on the shelf row.</param>
/// <param name="ETag">Version of the account row; it guards the whole partition, for every commit rewrites it.</param>
public sealed record StoredAccount(Account Account, ImmutableArray<Grant> Shelf, string? ETag)
{
    /// <summary>Grows by one whenever the shelf row changes.</summary>
    public long ShelfVersion { get; init; }

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
/// The account row stays under 16 KiB whatever happens: it holds at most 24 grants, those that burn down first. The others wait on the shelf row,
/// which is read when the account is loaded and written only when its content changes, so a warm admit costs the same with 1,000 top-ups as with one.
/// </summary>
public static class AccountRows
{
    /// <summary>How many commits an account row names.</summary>
    internal const int CommitsNamed = 16;

    private const string ShelfKey = "shelf";
    private const int MostInline = 24;
    private const int FewestInline = 6;
    private const int InlineAfterMoving = 18;
    private const int MostTries = 16;

    /// <summary>Reads an account; null when there is none.</summary>
    /// <param name="ledger">Where.</param>
    /// <param name="workspaceId">Whose.</param>
    /// <param name="known">The account as known; what has not changed since is not read again.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <remarks>One point read; two for an account with more than 24 grants.</remarks>
    public static async Task<StoredAccount?> LoadAsync(ILedger ledger, string workspaceId, StoredAccount? known, CancellationToken cancellation)
    {
        var partition = new Partition(Table.Ledger, workspaceId);
        for (var tries = 0; tries < MostTries; tries++)
        {
            var row = await ledger.ReadAsync(partition, Account.RowKey, cancellation).ConfigureAwait(false);
            if (row is null || row.ETag == known?.ETag)
            {
                return row is null ? null : known;
            }

            var read = RowJson.Read<AccountRow>(row.Data);
            if (read.Shelved == 0)
            {
                return Stored(read, [], row.ETag);
            }

            if (known is { Shelf.IsEmpty: false } && known.ShelfVersion == read.ShelfVersion)
            {
                return Stored(read, known.Shelf, row.ETag);
            }

            // Another commit may have changed the shelf between the two reads.
            var shelf = await ledger.ReadAsync(partition, ShelfKey, cancellation).ConfigureAwait(false);
            if (shelf is not null && RowJson.Read<Shelf>(shelf.Data) is var grants && grants.Version == read.ShelfVersion)
            {
                return Stored(read, grants.Grants, row.ETag);
            }
        }

        throw new StorageUnavailableException("The account's grants changed while they were read, again and again.");
    }

    /// <summary>The writes that store <paramref name="account"/> over <paramref name="former"/> (null: it must not exist), and what is stored then.</summary>
    /// <param name="account">The account.</param>
    /// <param name="former">What it is written over.</param>
    /// <param name="decidedAt">The instant of the commit.</param>
    /// <param name="commit">A name that no other commit has; null for none.</param>
    public static (StoredAccount Stored, ImmutableArray<RowWrite> Writes) Store(
        Account account, StoredAccount? former, DateTimeOffset decidedAt = default, string? commit = null)
    {
        var shelvedBefore = former?.Shelf ?? [];
        var grants = account.Grants;
        var inline = InlineCount(grants, shelvedBefore);
        var shelf = inline == grants.Count - shelvedBefore.Length && !IsTouched(grants, shelvedBefore) ? shelvedBefore : [.. grants.All.Skip(inline)];
        var shelfChanges = shelf != shelvedBefore && !shelf.SequenceEqual(shelvedBefore);
        var stored = new StoredAccount(account with { Grants = grants.Untouched() }, shelf, null)
        {
            ShelfVersion = (former?.ShelfVersion ?? 0) + (shelfChanges ? 1 : 0),
            DecidedAt = decidedAt,
            Commits = Named(former?.Commits ?? [], commit),
        };
        var text = RowJson.Write(new AccountRow(
            account, [.. grants.All.Take(inline)], shelf.Length, stored.ShelfVersion, decidedAt, stored.Commits));
        var row = new RowWrite(former is null ? WriteKind.Insert : WriteKind.Replace, new Row(Account.RowKey, text, null, former?.ETag));
        return shelfChanges
            ? (stored, [new RowWrite(WriteKind.Put, new Row(ShelfKey, RowJson.Write(new Shelf(shelf, stored.ShelfVersion)))), row])
            : (stored, [row]);
    }

    private static StoredAccount Stored(AccountRow row, ImmutableArray<Grant> shelf, string? etag) =>
        new(row.Account with { Grants = BurnDown.Of(row.Grants.Concat(shelf)).Untouched() }, shelf, etag)
        {
            ShelfVersion = row.ShelfVersion,
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

    private static bool IsTouched(BurnDown grants, ImmutableArray<Grant> shelf) => !shelf.IsEmpty && grants.IsTouchedFrom(shelf[0]);

    private static int InlineCount(BurnDown grants, ImmutableArray<Grant> shelf)
    {
        var inline = IsTouched(grants, shelf) ? CountBefore(grants, shelf[0]) : grants.Count - shelf.Length;
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
