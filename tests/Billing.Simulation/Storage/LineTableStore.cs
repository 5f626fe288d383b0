using System.Collections.Immutable;
using Billing.Engine.Ports;

namespace Billing.Simulation.Storage;

/// <summary>The state port of one process.</summary>
internal sealed class LineTableStore(TableService tables, Line line) : ITableStore
{
    private static readonly CommitResult Unknown = new CommitResult.Unknown();

    public Task<Row?> ReadAsync(Partition partition, string rowKey, CancellationToken cancellation)
    {
        TransactionRules.CheckKey(partition.Key, "partition key");
        TransactionRules.CheckKey(rowKey, "row key");
        return line.SendAsync(CallKind.Read, partition.Shard, $"{partition.Key}/{rowKey}", () => tables.Read(partition, rowKey));
    }

    public Task<RowPage> PageAsync(Partition partition, KeyRange range, int take, string? tag, string? continuation, CancellationToken cancellation)
    {
        TransactionRules.CheckKey(partition.Key, "partition key");
        TransactionRules.CheckPage(range, take, tag);
        return line.SendAsync(CallKind.List, partition.Shard, $"{partition.Key}/{range.From}…", () => tables.Page(partition, range, line.Looks(take), tag, continuation));
    }

    public async Task<ImmutableArray<FoundRow>> FindDueAsync(int shard, KeyRange partitions, int take, CancellationToken cancellation)
    {
        TransactionRules.CheckSearch(partitions, take);
        return (await line.SendAsync(CallKind.Find, shard, $"{partitions.From}…", () => new Found(tables.FindDue(shard, partitions, take))).ConfigureAwait(false)).Rows;
    }

    public Task<CommitResult> CommitAsync(Partition partition, ImmutableArray<RowWrite> writes, CancellationToken cancellation)
    {
        TransactionRules.CheckTransaction(partition, writes);
        var replaced = writes.FirstOrDefault(write => write.Kind == WriteKind.Replace);
        return line.SendAsync(
            CallKind.Commit,
            partition.Shard,
            $"{partition.Key} {string.Join(' ', writes.Select(write => $"{write.Kind.ToString()[0]}{write.Row.Key}"))}",
            () => tables.Commit(partition, writes),
            replaced is null ? null : new CommitResult.Stale(replaced.Row.Key),
            Unknown);
    }

    private sealed record Found(ImmutableArray<FoundRow> Rows);
}
