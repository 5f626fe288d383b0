using System.Collections.Immutable;
using Billing.Engine.Ports;

namespace Billing.Benchmarks.Admits;

/// <summary>A ledger that remembers what was committed to one partition.</summary>
internal sealed class RecordedTableStore(ITableStore store, Partition recorded) : ITableStore
{
    private readonly List<ImmutableArray<RowWrite>> _commits = [];

    public IReadOnlyList<ImmutableArray<RowWrite>> Commits => _commits;

    public Task<Row?> ReadAsync(Partition partition, string rowKey, CancellationToken cancellation) => store.ReadAsync(partition, rowKey, cancellation);

    public Task<RowPage> PageAsync(Partition partition, KeyRange range, int take, string? tag, string? continuation, CancellationToken cancellation) =>
        store.PageAsync(partition, range, take, tag, continuation, cancellation);

    public Task<ImmutableArray<FoundRow>> FindDueAsync(int shard, KeyRange partitions, int take, CancellationToken cancellation) =>
        store.FindDueAsync(shard, partitions, take, cancellation);

    public Task<CommitResult> CommitAsync(Partition partition, ImmutableArray<RowWrite> writes, CancellationToken cancellation)
    {
        if (partition == recorded)
        {
            _commits.Add(writes);
        }

        return store.CommitAsync(partition, writes, cancellation);
    }
}
