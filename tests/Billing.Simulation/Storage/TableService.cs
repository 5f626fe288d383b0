using System.Collections.Immutable;
using System.Globalization;
using Billing.Engine.Ports;

namespace Billing.Simulation.Storage;

/// <summary>What the simulated Table service has stored. Stricter than the emulator: it keeps the limits of Azure and never uses a version twice.</summary>
internal sealed class TableService
{
    private static readonly Comparer<Row> ByKey = Comparer<Row>.Create((left, right) => string.CompareOrdinal(left.Key, right.Key));
    private readonly Dictionary<Partition, SortedSet<Row>> _partitions = [];
    private readonly SortedDictionary<(Table Table, int DueShard), SortedSet<string>> _keys = [];
    private long _versions;

    /// <summary>Told of every transaction that was stored, with the rows as they were before it (null for those that were not there).</summary>
    public Action<Partition, ImmutableArray<RowWrite>, ImmutableArray<Row?>> Stored { get; set; } = (_, _, _) => { };

    public Row? Read(Partition partition, string key) =>
        _partitions.TryGetValue(partition, out var rows) && rows.TryGetValue(new Row(key, ""), out var row) ? row : null;

    public IEnumerable<Row> Rows(Partition partition, string prefix = "") =>
        _partitions.TryGetValue(partition, out var rows) ? rows.Where(row => row.Key.StartsWith(prefix, StringComparison.Ordinal)) : [];

    public IEnumerable<Partition> Partitions(Table table) => _keys.Where(keys => keys.Key.Table == table).SelectMany(keys => keys.Value.Select(key => new Partition(table, key, keys.Key.DueShard)));

    /// <summary>A page.</summary>
    /// <param name="looks">Rows that it looks at: storage ends a page where it likes, be it before the first.</param>
    public RowPage Page(Partition partition, KeyRange range, int looks, string? tag, string? continuation)
    {
        var from = continuation ?? range.From;
        if (!_partitions.TryGetValue(partition, out var rows) || string.CompareOrdinal(from, range.To) > 0)
        {
            return new RowPage([], null);
        }

        var found = ImmutableArray.CreateBuilder<Row>();
        var looked = 0;
        foreach (var row in rows.GetViewBetween(new Row(from, ""), new Row(range.To, "")))
        {
            if (string.CompareOrdinal(row.Key, range.To) >= 0)
            {
                break;
            }

            if (looked++ == looks)
            {
                return new RowPage(found.ToImmutable(), row.Key);
            }

            if (tag is null || row.Tag == tag)
            {
                found.Add(row);
            }
        }

        return new RowPage(found.ToImmutable(), null);
    }

    public ImmutableArray<FoundRow> FindDue(int shard, KeyRange partitions, int take) =>
    [
        .. KeysOf(new Partition(Table.Schedule, "", shard)).GetViewBetween(partitions.From, partitions.To)
            .Where(key => string.CompareOrdinal(key, partitions.To) < 0)
            .SelectMany(key => _partitions[new Partition(Table.Schedule, key, shard)].Select(row => new FoundRow(new Partition(Table.Schedule, key, shard), row)))
            .Take(take),
    ];

    /// <summary>Carries a transaction out: all of it or nothing.</summary>
    public CommitResult Commit(Partition partition, ImmutableArray<RowWrite> writes)
    {
        foreach (var write in writes)
        {
            if (Obstacle(partition, write) is { } obstacle)
            {
                return obstacle;
            }
        }

        ImmutableArray<Row?> before = [.. writes.Select(write => Read(partition, write.Row.Key))];
        var etags = writes.Select(write => Store(partition, write)).ToImmutableArray();
        Stored(partition, writes, before);
        return new CommitResult.Committed(etags);
    }

    private SortedSet<string> KeysOf(Partition partition)
    {
        if (!_keys.TryGetValue((partition.Table, partition.DueShard), out var keys))
        {
            _keys.Add((partition.Table, partition.DueShard), keys = new SortedSet<string>(StringComparer.Ordinal));
        }

        return keys;
    }

    private CommitResult? Obstacle(Partition partition, RowWrite write)
    {
        var stored = Read(partition, write.Row.Key);
        return write.Kind switch
        {
            WriteKind.Insert when stored is not null => new CommitResult.Duplicate(write.Row.Key),
            WriteKind.Replace when stored?.ETag != write.Row.ETag => new CommitResult.Stale(write.Row.Key),
            WriteKind.Delete when stored is null => new CommitResult.Stale(write.Row.Key),
            WriteKind.Delete when write.Row.ETag is { } etag && stored.ETag != etag => new CommitResult.Stale(write.Row.Key),
            _ => null,
        };
    }

    private string? Store(Partition partition, RowWrite write)
    {
        if (!_partitions.TryGetValue(partition, out var rows))
        {
            _partitions.Add(partition, rows = new SortedSet<Row>(ByKey));
            KeysOf(partition).Add(partition.Key);
        }

        rows.Remove(write.Row);
        if (write.Kind == WriteKind.Delete)
        {
            if (rows.Count == 0)
            {
                _partitions.Remove(partition);
                KeysOf(partition).Remove(partition.Key);
            }

            return null;
        }

        var etag = (++_versions).ToString(CultureInfo.InvariantCulture);
        rows.Add(write.Row with { ETag = etag });
        return etag;
    }
}
