using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Workspaces;

namespace Billing.Api.Balances;

/// <summary>Consecutive entries of a ledger.</summary>
/// <param name="First">Sequence of the oldest.</param>
/// <param name="Last">Sequence of the newest; below <paramref name="First"/> when there is none.</param>
internal readonly record struct LedgerSpan(long First, long Last)
{
    public long Count => Math.Max(0, Last - First + 1);

    /// <summary>Those older than an entry; all of them for null.</summary>
    public LedgerSpan Before(long? sequence) => sequence is { } bound && bound <= Last ? this with { Last = bound - 1 } : this;
}

/// <summary>Reads a workspace's ledger. Sequences have no gaps and instants never go back, so that a time is found by halving.</summary>
internal sealed class LedgerBook(ITableStore store, string workspaceId, long entries)
{
    private const int PageSize = 200;
    private readonly Partition _partition = new(Table.Ledger, workspaceId);

    /// <summary>The entries from an instant up to, but not including, another; null for no bound.</summary>
    public async Task<LedgerSpan> SpanAsync(DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellation) => new(
        from is { } start ? await FirstAtAsync(start, cancellation).ConfigureAwait(false) : 1,
        to is { } end ? await FirstAtAsync(end, cancellation).ConfigureAwait(false) - 1 : entries);

    /// <summary>Entries of a span, newest first, at most so many.</summary>
    public ValueTask<LedgerEntry[]> ReadAsync(LedgerSpan span, EntryType? type, int most, CancellationToken cancellation) =>
        EntriesOf(span, type is null ? most : PageSize, cancellation).Where(entry => type is null || entry.Type == type).Take(most).ToArrayAsync(cancellation);

    public ValueTask<long> CountAsync(LedgerSpan span, EntryType type, CancellationToken cancellation) =>
        EntriesOf(span, PageSize, cancellation).LongCountAsync(entry => entry.Type == type, cancellation);

    private IAsyncEnumerable<LedgerEntry> EntriesOf(LedgerSpan span, int most, CancellationToken cancellation) =>
        span.Count > 0 ? LedgerPages.EntriesAsync(store, _partition, span.First, span.Last, most, cancellation) : AsyncEnumerable.Empty<LedgerEntry>();

    /// <summary>Sequence of the first entry at or after an instant; one past the newest when there is none.</summary>
    private async Task<long> FirstAtAsync(DateTimeOffset at, CancellationToken cancellation)
    {
        var (low, high) = (1L, entries + 1);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            var entry = await LedgerPages.EntriesAsync(store, _partition, 1, middle, 1, cancellation).FirstOrDefaultAsync(cancellation).ConfigureAwait(false);
            if (entry is not null && entry.CreatedAt >= at)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }
}
