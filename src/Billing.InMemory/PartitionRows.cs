using System.Collections.Immutable;
using System.Globalization;
using Billing.Engine.Ports;

namespace Billing.InMemory;

/// <summary>The rows of one partition of <see cref="InMemoryTableStore"/>, which locks around it.</summary>
internal sealed class PartitionRows
{
    private static readonly Comparer<Row> ByKey = Comparer<Row>.Create((a, b) => string.CompareOrdinal(a.Key, b.Key));

    private readonly SortedSet<Row> _rows = new(ByKey);
    private long _versions;

    public Row? Find(string key) => _rows.TryGetValue(new Row(key, ""), out var row) ? row : null;

    public ImmutableArray<Row> All() => [.. _rows];

    public RowPage Page(KeyRange range, int take, string? tag, PageStep step)
    {
        var most = Math.Min(step.Most, take);
        var rows = From(step.From).TakeWhile(row => string.CompareOrdinal(row.Key, range.To) < 0).Take(most + 1).ToImmutableArray();
        var looked = rows.Take(most).Where(row => tag is null || row.Tag == tag);
        var next = rows.Length > most ? rows[most].Key : most == 0 ? step.From : null;
        return new RowPage([.. looked], next is null ? null : step.Next(next));
    }

    /// <summary>All of <paramref name="writes"/> or none: the first that cannot be done says why.</summary>
    public CommitResult Commit(ImmutableArray<RowWrite> writes)
    {
        foreach (var write in writes)
        {
            if (Obstacle(write) is { } obstacle)
            {
                return obstacle;
            }
        }

        return new CommitResult.Committed([.. writes.Select(Store)]);
    }

    private CommitResult? Obstacle(RowWrite write)
    {
        var stored = Find(write.Row.Key);
        return write.Kind switch
        {
            WriteKind.Insert when stored is not null => new CommitResult.Duplicate(write.Row.Key),
            WriteKind.Replace when stored?.ETag != write.Row.ETag => new CommitResult.Stale(write.Row.Key),
            WriteKind.Delete when stored is null => new CommitResult.Stale(write.Row.Key),
            WriteKind.Delete when write.Row.ETag is { } etag && stored.ETag != etag => new CommitResult.Stale(write.Row.Key),
            _ => null,
        };
    }

    private string? Store(RowWrite write)
    {
        _rows.Remove(write.Row);
        if (write.Kind == WriteKind.Delete)
        {
            return null;
        }

        var etag = string.Create(CultureInfo.InvariantCulture, $"W/\"{++_versions}\"");
        _rows.Add(write.Row with { ETag = etag });
        return etag;
    }

    private SortedSet<Row> From(string key) =>
        _rows.Max is { } last && string.CompareOrdinal(last.Key, key) >= 0 ? _rows.GetViewBetween(new Row(key, ""), last) : new SortedSet<Row>(ByKey);
}
