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
    private const int PageSize = 1_000;
    private readonly Partition _partition = new(Table.Ledger, workspaceId);

    /// <summary>The entries from an instant up to, but not including, another; null for no bound.</summary>
    public async Task<LedgerSpan> SpanAsync(DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellation) => new(
        from is { } start ? await FirstAtAsync(start, cancellation).ConfigureAwait(false) : 1,
        to is { } end ? await FirstAtAsync(end, cancellation).ConfigureAwait(false) - 1 : entries);

    /// <summary>Entries of a span, newest first, at most so many.</summary>
    public ValueTask<LedgerEntry[]> ReadAsync(LedgerSpan span, string? tag, int most, CancellationToken cancellation) =>
        RowsOf(span, tag, most, cancellation).Take(most).Select(row => RowJson.Read<LedgerEntry>(row.Data)).ToArrayAsync(cancellation);

    public ValueTask<long> CountAsync(LedgerSpan span, string tag, CancellationToken cancellation) => RowsOf(span, tag, PageSize, cancellation).LongCountAsync(cancellation);

    private IAsyncEnumerable<Row> RowsOf(LedgerSpan span, string? tag, int page, CancellationToken cancellation) =>
        span.Count > 0 ? store.RowsAsync(_partition, RangeOf(span), cancellation, page, tag) : AsyncEnumerable.Empty<Row>();

    private static KeyRange RangeOf(LedgerSpan span) => new(LedgerEntry.KeyOf(span.Last), LedgerEntry.KeyOf(span.First) + "!");

    /// <summary>Sequence of the first entry at or after an instant; one past the newest when there is none.</summary>
    private async Task<long> FirstAtAsync(DateTimeOffset at, CancellationToken cancellation)
    {
        var (low, high) = (1L, entries + 1);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            var row = await store.ReadAsync(_partition, LedgerEntry.KeyOf(middle), cancellation).ConfigureAwait(false);
            if (row is not null && RowJson.Read<LedgerEntry>(row.Data).CreatedAt >= at)
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
