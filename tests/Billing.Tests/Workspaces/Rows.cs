using System.Collections.Immutable;
using Billing.Engine.Ports;
using Billing.Engine.Rows;

namespace Billing.Tests.Workspaces;

/// <summary>One partition as a table would keep it: texts by key, versions, inserts that must be new, replacements that must not be stale.</summary>
internal sealed class Rows : ITableStore
{
    private readonly Dictionary<string, Row> _rows = new(StringComparer.Ordinal);
    private long _version;

    public IEnumerable<Row> All => _rows.Values;

    public Row? Find(string key) => _rows.GetValueOrDefault(key);

    /// <summary>The rows with these keys that exist, read back from their texts.</summary>
    public Dictionary<string, Record> Read(IEnumerable<string> keys) =>
        keys.Distinct().Where(_rows.ContainsKey).ToDictionary(key => key, key => RowJson.ToRecord(_rows[key]));

    public void Commit(IReadOnlyList<RowWrite> writes)
    {
        Assert.True(writes.Count is > 0 and <= ITableStore.MaxWrites);
        foreach (var (kind, row) in writes)
        {
            switch (kind)
            {
                case WriteKind.Insert:
                    Assert.False(_rows.ContainsKey(row.Key), $"{row.Key} is inserted twice");
                    break;
                case WriteKind.Replace:
                    Assert.True(_rows[row.Key].ETag == row.ETag, $"{row.Key} is stale");
                    break;
                case WriteKind.Delete:
                    Assert.True(_rows.Remove(row.Key), $"{row.Key} is deleted but was not there");
                    continue;
            }

            _rows[row.Key] = row with { ETag = $"v{++_version}" };
        }
    }

    public Task<Row?> ReadAsync(Partition partition, string rowKey, CancellationToken cancellation) => Task.FromResult(Find(rowKey));

    public Task<RowPage> PageAsync(Partition partition, KeyRange range, int take, string? tag, string? continuation, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<ImmutableArray<FoundRow>> FindDueAsync(int shard, KeyRange partitions, int take, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<CommitResult> CommitAsync(Partition partition, ImmutableArray<RowWrite> writes, CancellationToken cancellation) =>
        throw new NotSupportedException();
}
