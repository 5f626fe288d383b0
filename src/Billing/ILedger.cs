using System.Collections.Immutable;

namespace Billing;

/// <summary>The tables that hold all state.</summary>
public enum Table
{
    /// <summary>One partition per workspace: account, entries, generations, everything that must change together.</summary>
    Ledger,

    /// <summary>API keys by hash.</summary>
    Keys,

    /// <summary>Accounts of people, their memberships and external ids.</summary>
    People,

    /// <summary>Due links: one partition per job and hour.</summary>
    Schedule,
}

/// <summary>Rows that can change together in one transaction.</summary>
/// <param name="Table">Where it is.</param>
/// <param name="Key">Its partition key.</param>
public readonly record struct Partition(Table Table, string Key);

/// <summary>A stored row.</summary>
/// <param name="Key">Row key, unique in its partition; rows list in ordinal order of it.</param>
/// <param name="Data">JSON text, at most 512 KiB.</param>
/// <param name="Tag">A short word that lists can be filtered by; null for none.</param>
/// <param name="ETag">Version as read; null in a row that was never read.</param>
public sealed record Row(string Key, string Data, string? Tag = null, string? ETag = null);

/// <summary>A row found by a listing across partitions.</summary>
public sealed record FoundRow(Partition Partition, Row Row);

/// <summary>How a row is to be written.</summary>
public enum WriteKind
{
    /// <summary>The row must not exist.</summary>
    Insert,

    /// <summary>The row must exist at <see cref="Row.ETag"/>.</summary>
    Replace,

    /// <summary>Whatever was there is replaced. Only for rows that another row of the same transaction guards, or for links that say nothing by themselves.</summary>
    Put,

    /// <summary>The row must exist and goes (at <see cref="Row.ETag"/> when that is set).</summary>
    Delete,
}

/// <summary>One write of a transaction.</summary>
public sealed record RowWrite(WriteKind Kind, Row Row);

/// <summary>One page of a listing.</summary>
/// <param name="Rows">In ordinal order of their keys.</param>
/// <param name="Continuation">Pass it to get the next page; null when this is the last.</param>
public sealed record RowPage(ImmutableArray<Row> Rows, string? Continuation);

/// <summary>A half-open range of row keys, by ordinal comparison.</summary>
public readonly record struct KeyRange(string From, string To)
{
    /// <summary>All keys that start with <paramref name="prefix"/>.</summary>
    public static KeyRange StartingWith(string prefix) => new(prefix, prefix[..^1] + (char)(prefix[^1] + 1));
}

/// <summary>What became of a transaction.</summary>
public abstract record CommitResult
{
    /// <summary>Stored, all of it.</summary>
    /// <param name="ETags">The new version of each written row, in the order of the writes; null for a deleted one.</param>
    public sealed record Committed(ImmutableArray<string?> ETags) : CommitResult;

    /// <summary>Nothing was stored: a row to insert exists already.</summary>
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
public interface ILedger
{
    /// <summary>Most rows in one transaction.</summary>
    const int MaxWrites = 100;

    /// <summary>The row, or null.</summary>
    Task<Row?> ReadAsync(Partition partition, string rowKey, CancellationToken cancellation);

    /// <summary>Rows of one partition with keys in <paramref name="range"/>, at most <paramref name="take"/> (1–1000), only those tagged <paramref name="tag"/> if given. A page may hold fewer rows than asked for and still have a continuation.</summary>
    Task<RowPage> ListAsync(Partition partition, KeyRange range, int take, string? tag, string? continuation, CancellationToken cancellation);

    /// <summary>Rows of all partitions of a table with partition keys in <paramref name="partitions"/>, in order, at most <paramref name="take"/>.</summary>
    Task<ImmutableArray<FoundRow>> FindAsync(Table table, KeyRange partitions, int take, CancellationToken cancellation);

    /// <summary>Writes all of <paramref name="writes"/> or none.</summary>
    Task<CommitResult> CommitAsync(Partition partition, ImmutableArray<RowWrite> writes, CancellationToken cancellation);
}

/// <summary>Storage could not be reached or refused to serve; the request was not carried out.</summary>
public sealed class StorageUnavailableException : Exception
{
    /// <summary>With the fault beneath it.</summary>
    public StorageUnavailableException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
