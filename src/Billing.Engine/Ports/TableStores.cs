using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Billing.Engine.Ports;

public static class TableStores
{
    private const int MostSends = 3;

    /// <summary>The first rows of one partition with a key in <paramref name="range"/>, and whether there are more.</summary>
    /// <param name="most">Most rows.</param>
    /// <param name="tag">Only rows with this tag; null for all.</param>
    public static async Task<RowList> ListAsync(
        this ITableStore store, Partition partition, KeyRange range, int most, CancellationToken cancellation, string? tag = null)
    {
        // One more than is wanted tells whether there are more.
        var rows = store.RowsAsync(partition, range, cancellation, Math.Min(most + 1, TransactionRules.MaxPage), tag);
        var found = await rows.Take(most + 1).ToArrayAsync(cancellation).ConfigureAwait(false);
        return new RowList([.. found.Take(most)], found.Length > most);
    }

    /// <summary>Every row of one partition with a key in <paramref name="range"/>, page by page as they are asked for.</summary>
    /// <param name="page">Rows read at once.</param>
    /// <param name="tag">Only rows with this tag; null for all.</param>
    public static async IAsyncEnumerable<Row> RowsAsync(
        this ITableStore store, Partition partition, KeyRange range, [EnumeratorCancellation] CancellationToken cancellation, int page = TransactionRules.MaxPage, string? tag = null)
    {
        string? continuation = null;
        do
        {
#pragma warning disable RS0030 // the one place that asks for pages
            var read = await store.PageAsync(partition, range, page, tag, continuation, cancellation).ConfigureAwait(false);
#pragma warning restore RS0030
            foreach (var row in read.Rows)
            {
                yield return row;
            }

            continuation = read.Continuation;
        }
        while (continuation is not null);
    }

    /// <summary>Sends a transaction until storage says what became of it. Only for writes whose repetition changes nothing.</summary>
    /// <exception cref="StorageUnavailableException">Storage never said.</exception>
    public static async Task<CommitResult> CommitUntilKnownAsync(
        this ITableStore store, Partition partition, ImmutableArray<RowWrite> writes, CancellationToken cancellation)
    {
        for (var sent = 0; sent < MostSends; sent++)
        {
            if (await store.CommitAsync(partition, writes, cancellation).ConfigureAwait(false) is var result and not CommitResult.Unknown)
            {
                return result;
            }
        }

        throw new StorageUnavailableException("Storage did not say whether the transaction was stored.");
    }

    /// <summary>Carries out parts in one transaction; where that is refused, because another instance has done some of them, one by one.</summary>
    /// <returns>False when a part was refused.</returns>
    public static async Task<bool> CommitEachAsync(
        this ITableStore store, Partition partition, IReadOnlyCollection<ImmutableArray<RowWrite>> parts, CancellationToken cancellation)
    {
        ImmutableArray<RowWrite> writes = [.. parts.SelectMany(part => part)];
        if (writes.IsEmpty || await store.CommitUntilKnownAsync(partition, writes, cancellation).ConfigureAwait(false) is CommitResult.Committed)
        {
            return true;
        }

        var all = parts.Count > 1;
        foreach (var part in all ? parts : [])
        {
            all &= await store.CommitUntilKnownAsync(partition, part, cancellation).ConfigureAwait(false) is CommitResult.Committed;
        }

        return all;
    }
}
