using System.Collections.Immutable;
using Billing.Engine.Ports;

namespace Billing.Simulation.Storage;

/// <summary>What is stored, as it is: for those who check.</summary>
internal sealed class DirectTableStore(TableService tables) : ITableStore
{
    public Task<Row?> ReadAsync(Partition partition, string rowKey, CancellationToken cancellation) => Task.FromResult(tables.Read(partition, rowKey));

    public Task<RowPage> PageAsync(Partition partition, KeyRange range, int take, string? tag, string? continuation, CancellationToken cancellation) =>
        Task.FromResult(tables.Page(partition, range, take, tag, continuation));

    public Task<ImmutableArray<FoundRow>> FindDueAsync(int shard, KeyRange partitions, int take, CancellationToken cancellation) =>
        Task.FromResult(tables.FindDue(shard, partitions, take));

    /// <summary>True for whoever sets the scene.</summary>
    public bool MayWrite { get; init; }

    public Task<CommitResult> CommitAsync(Partition partition, ImmutableArray<RowWrite> writes, CancellationToken cancellation) => MayWrite
        ? Task.FromResult(tables.Commit(partition, writes))
        : throw new InvalidOperationException("Those who check change nothing.");
}
