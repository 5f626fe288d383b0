using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Workspaces;

namespace Billing.Engine.Committing;

/// <summary>
/// A transaction that is sent until its fate is known. A time-out is not a failure: the identical transaction is sent again, and its inserts and versions
/// let at most one copy be stored. Whether an earlier copy was is told by the account row, which names the newest commits; rows alone would not tell, for
/// another process may have stored the very same renewal.
/// </summary>
internal sealed class Commit(WriterPorts ports, Partition partition, TransactionPlan changes)
{
    private const int MostSends = 3;

    /// <summary>True once storage did not say what became of a copy.</summary>
    public bool TimedOut { get; private set; }

    /// <returns>Committed, without versions when an earlier copy was stored; or why not.</returns>
    /// <exception cref="StorageUnavailableException">It was not carried out, or nobody can say whether it was.</exception>
    public async Task<CommitResult> RunAsync()
    {
        for (var sends = 1; ; sends++)
        {
            var result = await SendAsync(isLast: sends == MostSends && !TimedOut).ConfigureAwait(false);
            TimedOut |= result is CommitResult.Unknown;
            if (result is CommitResult.Committed || (result is CommitResult.Duplicate or CommitResult.Stale && !TimedOut))
            {
                return result;
            }

            if (result is CommitResult.Duplicate or CommitResult.Stale || sends == MostSends)
            {
                return await FindCopyAsync(result ?? new CommitResult.Unknown()).ConfigureAwait(false);
            }

            await ports.Backoff(sends).ConfigureAwait(false);
        }
    }

    /// <returns>Null when this copy was certainly not carried out.</returns>
    private async Task<CommitResult?> SendAsync(bool isLast)
    {
        try
        {
            return await ports.Store.CommitAsync(partition, changes.Writes, default).ConfigureAwait(false);
        }
        catch (StorageUnavailableException) when (!isLast)
        {
            return null;
        }
    }

    private async Task<CommitResult> FindCopyAsync(CommitResult last)
    {
        if (changes.Name is not { } name)
        {
            // Nothing but hits on rate limits: where a copy was stored they are counted twice, which lets nobody exceed a limit.
            return last is CommitResult.Unknown ? throw Unclear() : last;
        }

        var stored = RowJson.ReadAny<WorkspaceRow>(await ports.Store.ReadAsync(partition, Workspace.RowKey, default).ConfigureAwait(false));
        if (stored?.Commits.Contains(name) == true)
        {
            return new CommitResult.Committed([.. changes.Writes.Select(_ => (string?)null)]);
        }

        var namesAll = stored is not null && stored.Workspace.Version - changes.Version < WorkspaceRows.CommitsNamed;
        return last is CommitResult.Unknown || !namesAll ? throw Unclear() : last;
    }

    private static StorageUnavailableException Unclear() => new("Storage did not say whether the transaction was stored.");
}
