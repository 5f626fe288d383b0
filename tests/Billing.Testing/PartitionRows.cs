using System.Collections.Immutable;
using System.Globalization;
using Billing.Engine.Ports;

namespace Billing.Testing;

/// <summary>The rows of one partition of <see cref="InMemoryTableStore"/>, which locks around it.</summary>
internal sealed class PartitionRows
{
    private static readonly Comparer<Row> ByKey = Comparer<Row>.Create((a, b) => string.CompareOrdinal(a.Key, b.Key));

    private readonly SortedSet<Row> _rows = new(ByKey);
    private long _versions;

    public Row? Find(string key) => _rows.TryGetValue(new Row(key, ""), out var row) ? row : null;

    public ImmutableArray<Row> All() => [.. _rows];

    public RowPage Page(KeyRange range, int take, string? tag, string? continuation)
    {
        var from = continuation ?? range.From;
        var found = ImmutableArray.CreateBuilder<Row>();
        var looked = 0;
        foreach (var row in From(from))
        {
            if (string.CompareOrdinal(row.Key, range.To) >= 0)
            {
                break;
            }

            if (looked++ == take)
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

    private IEnumerable<Row> From(string key) =>
        _rows.Max is { } last && string.CompareOrdinal(last.Key, key) >= 0 ? _rows.GetViewBetween(new Row(key, ""), last) : [];
}
