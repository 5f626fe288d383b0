using System.Collections.Immutable;
using Billing.Accounts;
using Billing.Engine.Ports;
using Billing.Engine.Rows;

namespace Billing.Engine.Directories;

/// <summary>
/// Lists of accounts: a partition for each product, a row for each list that an account is in, all of an account changed in one transaction. A row is a copy;
/// it is made anew when an account is opened or changed, when the seller's feed tells of its plan, and with each night's audit.
/// </summary>
public sealed class AccountIndex(ITableStore store, AccountDirectory accounts)
{
    private const int MostAttempts = 16;

    /// <summary>Lists an account that was just opened.</summary>
    public async Task AddAsync(ListedAccount account, CancellationToken cancellation)
    {
        if (await store.CommitUntilKnownAsync(PartitionOf(account.Product), [.. RowsOf(account, WriteKind.Insert)], cancellation).ConfigureAwait(false) is not CommitResult.Committed)
        {
            await RefreshAsync(account.AccountId, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Makes the rows of an account what it is now. Several at once end with the newest.</summary>
    public async Task RefreshAsync(string accountId, CancellationToken cancellation)
    {
        if (await accounts.FindAsync(accountId, cancellation).ConfigureAwait(false) is not { } known)
        {
            return;
        }

        var partition = PartitionOf(known.Product);
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            // The row is read before what it is made of: whoever writes it in between makes this one late.
            var row = await store.ReadAsync(partition, ListedAccount.KeyOf(known), cancellation).ConfigureAwait(false);
            var account = await accounts.FindAsync(accountId, cancellation).ConfigureAwait(false);
            var workspace = await WorkspaceRows.LoadAsync(store, known.WorkspaceId, null, cancellation).ConfigureAwait(false);
            if (account is null || workspace is null)
            {
                return;
            }

            var writes = Changes(row, ListedAccount.Of(account, workspace.Workspace));
            if (writes.IsEmpty || await store.CommitUntilKnownAsync(partition, writes, cancellation).ConfigureAwait(false) is CommitResult.Committed)
            {
                return;
            }
        }

        throw new StorageUnavailableException("Too many writers contend for the account's place in the lists.");
    }

    /// <summary>Accounts of some products, the newest first: as many round trips as products, at once.</summary>
    /// <param name="plan">Null for all.</param>
    /// <param name="status">Null for all.</param>
    /// <param name="after">The place of the last one before; null for the first page.</param>
    /// <param name="most">Most that are wanted.</param>
    /// <returns>The accounts, and whether there are more.</returns>
    public async Task<(ImmutableArray<ListedAccount> Accounts, bool More)> ListAsync(
        IEnumerable<string> products, string? plan, string? status, string? after, int most, CancellationToken cancellation)
    {
        var list = KeyRange.StartingWith(ListedAccount.ListOf(plan, status));
        var rest = after is null ? list : list with { From = list.From + after + " " };
        var found = await Task.WhenAll(products.Select(product => store.ListAsync(PartitionOf(product), rest, most, cancellation))).ConfigureAwait(false);
        var all = found.SelectMany(page => page.Rows).OrderBy(row => row.Key, StringComparer.Ordinal).ToList();
        return ([.. all.Take(most).Select(row => RowJson.Read<ListedAccount>(row.Data))], all.Count > most || found.Any(page => page.More));
    }

    private static ImmutableArray<RowWrite> Changes(Row? former, ListedAccount account)
    {
        if (former is null)
        {
            return [.. RowsOf(account, WriteKind.Insert)];
        }

        var before = RowJson.Read<ListedAccount>(former.Data);
        var first = RowsOf(account, WriteKind.Replace).First();
        return before == account
            ? []
            : [
                first with { Row = first.Row with { ETag = former.ETag } },
                .. RowsOf(account, WriteKind.Put).Skip(1),
                .. before.Keys.Except(account.Keys).Select(key => RowWrite.Delete(key)),
            ];
    }

    private static IEnumerable<RowWrite> RowsOf(ListedAccount account, WriteKind kind)
    {
        RowData data = RowJson.Write(account);
        return account.Keys.Select(key => new RowWrite(kind, new Row(key, data)));
    }

    private static Partition PartitionOf(string product) => new(Table.People, $"accounts:{product}");
}
