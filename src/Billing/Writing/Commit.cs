using Billing.Accounts;

namespace Billing.Writing;

/// <summary>
/// A transaction that is sent until its fate is known. A time-out is not a failure: the identical transaction is sent again, and its inserts and versions
/// let at most one copy be stored. Whether an earlier copy was is told by the account row, which names the newest commits; rows alone would not tell, for
/// another process may have stored the very same renewal.
/// </summary>
internal sealed class Commit(WriterPorts ports, Partition partition, Changes changes)
{
    private const int MostSends = 3;

    /// <returns>Committed, without versions when an earlier copy was stored; or why not.</returns>
    /// <exception cref="StorageUnavailableException">It was not carried out, or nobody can say whether it was.</exception>
    public async Task<CommitResult> RunAsync()
    {
        var result = await ports.Ledger.CommitAsync(partition, changes.Writes, default).ConfigureAwait(false);
        if (result is not CommitResult.Unknown)
        {
            return result;
        }

        for (var sent = 1; sent < MostSends && result is CommitResult.Unknown; sent++)
        {
            await ports.Backoff(sent).ConfigureAwait(false);
            result = await SendAgainAsync().ConfigureAwait(false);
        }

        return result is CommitResult.Committed ? result : await FindCopyAsync(result).ConfigureAwait(false);
    }

    private async Task<CommitResult> SendAgainAsync()
    {
        try
        {
            return await ports.Ledger.CommitAsync(partition, changes.Writes, default).ConfigureAwait(false);
        }
        catch (StorageUnavailableException)
        {
            // This copy was not carried out; of the one before, nothing is known still.
            return new CommitResult.Unknown();
        }
    }

    private async Task<CommitResult> FindCopyAsync(CommitResult last)
    {
        if (changes.Name is not { } name)
        {
            // Nothing but hits on rate limits: where a copy was stored they are counted twice, which lets nobody exceed a limit.
            return last is CommitResult.Unknown ? throw Unclear() : last;
        }

        var row = await ports.Ledger.ReadAsync(partition, Account.RowKey, default).ConfigureAwait(false);
        var stored = row is null ? null : RowJson.Read<AccountRow>(row.Data);
        if (stored?.Commits.Contains(name) == true)
        {
            return new CommitResult.Committed([.. changes.Writes.Select(_ => (string?)null)]);
        }

        var namesAll = stored is not null && stored.Account.Version - changes.Version < AccountRows.CommitsNamed;
        return last is CommitResult.Unknown || !namesAll ? throw Unclear() : last;
    }

    private static StorageUnavailableException Unclear() => new("Storage did not say whether the transaction was stored.");
}
