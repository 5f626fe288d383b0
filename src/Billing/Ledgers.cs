using System.Collections.Immutable;

namespace Billing;

/// <summary>Small transactions that are harmless to send again.</summary>
public static class Ledgers
{
    private const int MostSends = 3;

    /// <summary>Sends a transaction until storage says what became of it. Only for writes whose repetition changes nothing.</summary>
    /// <exception cref="StorageUnavailableException">Storage never said.</exception>
    public static async Task<CommitResult> CommitUntilKnownAsync(
        this ILedger ledger, Partition partition, ImmutableArray<RowWrite> writes, CancellationToken cancellation)
    {
        for (var sent = 0; sent < MostSends; sent++)
        {
            if (await ledger.CommitAsync(partition, writes, cancellation).ConfigureAwait(false) is var result and not CommitResult.Unknown)
            {
                return result;
            }
        }

        throw new StorageUnavailableException("Storage did not say whether the transaction was stored.");
    }
}
