using System.Collections.Immutable;

namespace Billing.Benchmarks.Admits;

/// <summary>A ledger that remembers what was committed to one partition.</summary>
internal sealed class RecordedLedger(ILedger ledger, Partition recorded) : ILedger
{
    private readonly List<ImmutableArray<RowWrite>> _commits = [];

    public IReadOnlyList<ImmutableArray<RowWrite>> Commits => _commits;

    public Task<Row?> ReadAsync(Partition partition, string rowKey, CancellationToken cancellation) => ledger.ReadAsync(partition, rowKey, cancellation);

    public Task<RowPage> ListAsync(Partition partition, KeyRange range, int take, string? tag, string? continuation, CancellationToken cancellation) =>
        ledger.ListAsync(partition, range, take, tag, continuation, cancellation);

    public Task<ImmutableArray<FoundRow>> FindAsync(Table table, KeyRange partitions, int take, CancellationToken cancellation) =>
        ledger.FindAsync(table, partitions, take, cancellation);

    public Task<CommitResult> CommitAsync(Partition partition, ImmutableArray<RowWrite> writes, CancellationToken cancellation)
    {
        if (partition == recorded)
        {
            _commits.Add(writes);
        }

        return ledger.CommitAsync(partition, writes, cancellation);
    }
}
