using System.Collections.Immutable;

namespace Billing.Engine.Ports;

public enum Table
{
    /// <summary>One partition per workspace: account, entries, generations, everything that must change together.</summary>
    Ledger,

    Keys,

    People,

    Schedule,
}

/// <param name="DueShard">The shard of a partition of the due index, which its key does not tell; 0 in other tables.</param>
public readonly record struct Partition(Table Table, string Key, int DueShard = 0)
{
    /// <summary>The shard that it lies in; null for the directory, whose shard is a setting.</summary>
    public int? Shard => Table switch
    {
        Table.Ledger => ShardMap.ShardOf(Key),
        Table.Schedule => DueShard,
        _ => null,
    };
}

/// <param name="Key">Row key, unique in its partition; rows list in ordinal order of it.</param>
/// <param name="Data">JSON, at most 512 KiB.</param>
/// <param name="Tag">A short word that lists can be filtered by; null for none.</param>
/// <param name="ETag">Version as read; null in a row that was never read.</param>
public sealed record Row(string Key, RowData Data, string? Tag = null, string? ETag = null);

public sealed record FoundRow(Partition Partition, Row Row);

public enum WriteKind
{
    /// <summary>The row must not exist.</summary>
    Insert,

    /// <summary>The row must exist at <see cref="Row.ETag"/>.</summary>
    Replace,

    /// <summary>Whatever was there is replaced. Only for rows that another row of the same transaction guards, or for pointers that say nothing by themselves.</summary>
    Put,

    /// <summary>The row must exist and goes (at <see cref="Row.ETag"/> when that is set).</summary>
    Delete,
}

public sealed record RowWrite(WriteKind Kind, Row Row)
{
    /// <param name="etag">The version that goes; null for whichever is there.</param>
    public static RowWrite Delete(string key, string? etag = null) => new(WriteKind.Delete, new Row(key, default, ETag: etag));
}

/// <param name="Rows">In ordinal order of their keys.</param>
/// <param name="Continuation">Pass it to get the next page; null when this is the last.</param>
public sealed record RowPage(ImmutableArray<Row> Rows, string? Continuation);

/// <param name="Rows">In ordinal order of their keys.</param>
/// <param name="More">True when there are more than were asked for.</param>
public sealed record RowList(ImmutableArray<Row> Rows, bool More);

public abstract record CommitResult
{
    /// <summary>Stored, all of it.</summary>
    /// <param name="ETags">The new version of each written row, in the order of the writes; null for a deleted one.</param>
    public sealed record Committed(ImmutableArray<string?> ETags) : CommitResult;

    public sealed record Duplicate(string RowKey) : CommitResult;

    /// <summary>Nothing was stored: a row is not at the version it was read at, or is gone.</summary>
    public sealed record Stale(string RowKey) : CommitResult;

    /// <summary>No answer came: the transaction was stored, or was not, or will be when a late copy of it arrives.</summary>
    public sealed record Unknown : CommitResult;
}

/// <summary>The state port: rows in partitions, and transactions within one partition.</summary>
/// <remarks>
/// Invariants, held by every implementation and shown by one contract suite:
/// a transaction is all or nothing, touches one partition, at most 100 rows and 4 MiB, each row once;
/// a read sees every transaction that was answered before it began.
/// Every method throws <see cref="StorageUnavailableException"/> when storage cannot answer; nothing was written then.
/// </remarks>
public interface ITableStore
{
    const int MaxWrites = 100;

    Task<Row?> ReadAsync(Partition partition, string rowKey, CancellationToken cancellation);

    /// <summary>
    /// Rows of one partition with keys in <paramref name="range"/>, at most <paramref name="take"/> (1–1000), only those tagged <paramref name="tag"/> if
    /// given. A page may be short or empty and still have a continuation, which nobody remembers everywhere: so <see cref="TableStores"/> alone asks for
    /// pages (BannedSymbols.txt), and everybody else for lists.
    /// </summary>
    Task<RowPage> PageAsync(Partition partition, KeyRange range, int take, string? tag, string? continuation, CancellationToken cancellation);

    /// <summary>
    /// Rows of all partitions of the due index of one shard with partition keys in <paramref name="partitions"/>, in order, at most <paramref name="take"/>.
    /// </summary>
    Task<ImmutableArray<FoundRow>> FindDueAsync(int shard, KeyRange partitions, int take, CancellationToken cancellation);

    Task<CommitResult> CommitAsync(Partition partition, ImmutableArray<RowWrite> writes, CancellationToken cancellation);
}

/// <summary>Storage could not be reached or refused to serve; the request was not carried out.</summary>
public sealed class StorageUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
