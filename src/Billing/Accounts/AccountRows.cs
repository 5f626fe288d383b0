using System.Collections.Immutable;

namespace Billing.Accounts;

/// <summary>The account row: the account with the grants that burn down first.</summary>
internal sealed record AccountRow(Account Account, ImmutableArray<Grant> Grants, int Shelved);

/// <summary>The grants that do not fit the account row, in burn-down order behind those that do.</summary>
internal sealed record Shelf(ImmutableArray<Grant> Grants);

/// <summary>An account as it is stored.</summary>
/// <param name="Account">The account.</param>
/// <param name="Shelf">Its grants that are on the shelf row.</param>
/// <param name="ETag">Version of the account row; it guards the whole partition, for every commit rewrites it.</param>
public sealed record StoredAccount(Account Account, ImmutableArray<Grant> Shelf, string? ETag);

/// <summary>
/// The account row stays under 16 KiB whatever happens: it holds at most 32 grants, those that burn down first. The others wait on the shelf row,
/// which is read when the account is loaded and written only when its content changes, so a warm admit costs the same with 1,000 top-ups as with one.
/// </summary>
public static class AccountRows
{
    private const string ShelfKey = "shelf";
    private const int MostInline = 32;
    private const int FewestInline = 8;
    private const int InlineAfterMoving = 24;

    /// <summary>Reads an account; null when there is none.</summary>
    /// <remarks>One point read; two for an account with more than 32 grants.</remarks>
    public static async Task<StoredAccount?> LoadAsync(ILedger ledger, string workspaceId, StoredAccount? known, CancellationToken cancellation)
    {
        var partition = new Partition(Table.Ledger, workspaceId);
        while (true)
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

            // The shelf belongs to the account row only if nobody committed between the two reads.
            var shelf = await ledger.ReadAsync(partition, ShelfKey, cancellation).ConfigureAwait(false);
            var again = await ledger.ReadAsync(partition, Account.RowKey, cancellation).ConfigureAwait(false);
            if (again?.ETag == row.ETag)
            {
                return Stored(read, RowJson.Read<Shelf>(shelf!.Data).Grants, row.ETag);
            }
        }
    }

    /// <summary>The writes that store <paramref name="account"/> over <paramref name="former"/> (null: it must not exist), and what is stored then.</summary>
    public static (StoredAccount Stored, ImmutableArray<RowWrite> Writes) Store(Account account, StoredAccount? former)
    {
        var shelvedBefore = former?.Shelf ?? [];
        var inline = InlineCount(account.Grants, shelvedBefore);
        var shelf = inline == account.Grants.Count ? [] : account.Grants.All.Skip(inline).ToImmutableArray();
        var data = RowJson.Write(new AccountRow(account, [.. account.Grants.All.Take(inline)], shelf.Length));
        var row = new RowWrite(former is null ? WriteKind.Insert : WriteKind.Replace, new Row(Account.RowKey, data, null, former?.ETag));
        var stored = new StoredAccount(account, shelf, null);
        return shelf.SequenceEqual(shelvedBefore)
            ? (stored, [row])
            : (stored, [new RowWrite(WriteKind.Put, new Row(ShelfKey, RowJson.Write(new Shelf(shelf)))), row]);
    }

    private static StoredAccount Stored(AccountRow row, ImmutableArray<Grant> shelf, string? etag) =>
        new(row.Account with { Grants = BurnDown.Of(row.Grants.Concat(shelf)) }, shelf, etag);

    private static int InlineCount(BurnDown grants, ImmutableArray<Grant> shelf)
    {
        var inline = grants.Count;
        if (!shelf.IsEmpty)
        {
            inline = 0;
            while (inline < grants.Count && inline <= MostInline && BurnDown.Compare(grants.All[inline], shelf[0]) < 0)
            {
                inline++;
            }
        }

        return inline > MostInline || (inline < FewestInline && inline < grants.Count) ? Math.Min(InlineAfterMoving, grants.Count) : inline;
    }
}
