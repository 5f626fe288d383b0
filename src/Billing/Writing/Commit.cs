using System.Collections.Immutable;

namespace Billing.Writing;

/// <summary>
/// A transaction that is sent until its fate is known. A time-out is not a failure: the identical transaction is sent again, and its inserts and versions
/// let at most one copy be stored. When a copy is refused, the rows tell whether an earlier copy is why.
/// </summary>
internal sealed class Commit(ILedger ledger, Partition partition, ImmutableArray<RowWrite> writes)
{
    private const int MostSends = 3;

    public async Task<CommitResult> RunAsync()
    {
        var result = await ledger.CommitAsync(partition, writes, default).ConfigureAwait(false);
        for (var sent = 1; result is CommitResult.Unknown; sent++)
        {
            if (sent == MostSends)
            {
                throw new StorageUnavailableException("Storage did not say whether the transaction was stored.");
            }

            result = await ledger.CommitAsync(partition, writes, default).ConfigureAwait(false);
            if (result is CommitResult.Duplicate or CommitResult.Stale)
            {
                return await FindEarlierCopyAsync(result).ConfigureAwait(false);
            }
        }

        return result;
    }

    /// <summary>Tells whether an earlier copy was stored. Every transaction of an account inserts a row of its own or is harmless to decide again.</summary>
    private async Task<CommitResult> FindEarlierCopyAsync(CommitResult refused)
    {
        foreach (var insert in writes.Where(write => write.Kind == WriteKind.Insert))
        {
            var row = await ledger.ReadAsync(partition, insert.Row.Key, default).ConfigureAwait(false);
            if (row?.Data == insert.Row.Data)
            {
                // Stored, and perhaps written over since: whoever holds these versions finds out at the next commit.
                return new CommitResult.Committed([.. writes.Select(_ => (string?)null)]);
            }
        }

        return refused;
    }
}
