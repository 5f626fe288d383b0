using System.Runtime.CompilerServices;
using Billing.Engine.Ports;
using Billing.Workspaces;

namespace Billing.Engine.Rows;

/// <summary>Reads a ledger, entry by entry, from its pages.</summary>
public static class LedgerPages
{
    /// <summary>The entries from one down to another, both included, newest first.</summary>
    /// <param name="most">About as many as are wanted: no more pages are read at once.</param>
    public static async IAsyncEnumerable<LedgerEntry> EntriesAsync(
        ITableStore store, Partition partition, long first, long last, int most, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // A page has the key of its oldest entry, so the one that holds the newest wanted is the first from that one's own key on.
        var range = KeyRange.StartingWith(LedgerPage.Prefix) with { From = LedgerPage.KeyOf(last) };
        await foreach (var row in store.RowsAsync(partition, range, cancellation, Math.Min(most, TransactionRules.MaxPage)).ConfigureAwait(false))
        {
            var page = RowJson.Read<LedgerPage>(row.Data);
            foreach (var entry in page.Entries.Reverse())
            {
                if (entry.Sequence <= last && entry.Sequence >= first)
                {
                    yield return entry;
                }
            }

            if (page.First <= first)
            {
                yield break;
            }
        }
    }
}
