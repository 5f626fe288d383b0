using System.Collections.Immutable;
using Billing.Engine.Ports;

namespace Billing.InMemory;

/// <summary>The ledger port without storage: stricter than the emulator, with deterministic versions and doors for faults.</summary>
/// <remarks>
/// Versions count up per partition and are never used twice, so a row that was deleted and inserted again does not look unchanged.
/// Every list begins with an empty page and one of a single row, because storage ends a page wherever it likes.
/// </remarks>
public sealed class InMemoryTableStore : ITableStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Partition, PartitionRows> _partitions = [];
    private StoreCalls _calls;

    /// <summary>Called before anything is read. Throw to fail the call; await to hold it.</summary>
    public Func<StoreRead, Task>? BeforeRead { get; set; }

    /// <summary>Called when the answer is fixed and before it is given: writes made in here are not seen by this read.</summary>
    public Func<StoreRead, Task>? AfterRead { get; set; }

    /// <summary>Called before anything is stored. Throw to fail the call, return a result to answer it with nothing stored, or null to go on.</summary>
    public Func<Partition, ImmutableArray<RowWrite>, Task<CommitResult?>>? BeforeCommit { get; set; }

    /// <summary>Called when the transaction is decided; what it returns is what the caller is told (a <see cref="CommitResult.Unknown"/> loses the answer).</summary>
    public Func<Partition, ImmutableArray<RowWrite>, CommitResult, Task<CommitResult>>? AfterCommit { get; set; }

    /// <summary>How often it was called so far.</summary>
    public StoreCalls Calls
    {
        get
        {
            lock (_gate)
            {
                return _calls;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<Row?> ReadAsync(Partition partition, string rowKey, CancellationToken cancellation)
    {
        TransactionRules.CheckKey(partition.Key, "partition key");
        TransactionRules.CheckKey(rowKey, "row key");
        var read = new StoreRead(StoreReadKind.Row, partition.Table, partition.Key, rowKey);
        return await AnswerAsync(
            read, calls => calls with { Reads = calls.Reads + 1 }, () => RowsIn(partition)?.Find(rowKey), cancellation);
    }

    /// <inheritdoc/>
    public async Task<RowPage> PageAsync(
        Partition partition, KeyRange range, int take, string? tag, string? continuation, CancellationToken cancellation)
    {
        TransactionRules.CheckKey(partition.Key, "partition key");
        TransactionRules.CheckPage(range, take, tag);
        var read = new StoreRead(StoreReadKind.List, partition.Table, partition.Key, range.From);
        return await AnswerAsync(
            read,
            calls => calls with { Lists = calls.Lists + 1 },
            () => (RowsIn(partition) ?? new PartitionRows()).Page(range, take, tag, PageStep.Of(range, continuation)),
            cancellation);
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<FoundRow>> FindDueAsync(int shard, KeyRange partitions, int take, CancellationToken cancellation)
    {
        TransactionRules.CheckSearch(partitions, take);
        var read = new StoreRead(StoreReadKind.Find, Table.Schedule, partitions.From, null);
        return await AnswerAsync(
            read,
            calls => calls with { Finds = calls.Finds + 1 },
            () => RowsOf(Table.Schedule, one => one.DueShard == shard && string.CompareOrdinal(one.Key, partitions.From) >= 0 && string.CompareOrdinal(one.Key, partitions.To) < 0)
                .Take(take)
                .ToImmutableArray(),
            cancellation);
    }

    /// <inheritdoc/>
    public async Task<CommitResult> CommitAsync(Partition partition, ImmutableArray<RowWrite> writes, CancellationToken cancellation)
    {
        TransactionRules.CheckTransaction(partition, writes);
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
        {
            _calls = _calls with { Commits = _calls.Commits + 1, Writes = _calls.Writes + writes.Length };
        }

        // Storage never answers on the spot: a caller that leans on it would break only in production.
        await Task.Yield();
        if (BeforeCommit is { } before && await before(partition, writes) is { } instead)
        {
            return instead;
        }

        var result = Arrive(partition, writes);
        return AfterCommit is { } after ? await after(partition, writes, result) : result;
    }

    /// <summary>Carries a transaction out as storage does, past counts and doors: for copies that arrive late, and for other writers.</summary>
    public CommitResult Arrive(Partition partition, ImmutableArray<RowWrite> writes)
    {
        TransactionRules.CheckTransaction(partition, writes);
        lock (_gate)
        {
            if (!_partitions.TryGetValue(partition, out var rows))
            {
                rows = new PartitionRows();
            }

            var result = rows.Commit(writes);
            if (result is CommitResult.Committed)
            {
                _partitions[partition] = rows;
            }

            return result;
        }
    }

    /// <summary>Every row of one partition, in order, uncounted.</summary>
    public ImmutableArray<Row> RowsOf(Partition partition)
    {
        lock (_gate)
        {
            return RowsIn(partition)?.All() ?? [];
        }
    }

    /// <summary>Every row of a table, in order, uncounted.</summary>
    public ImmutableArray<FoundRow> RowsOf(Table table)
    {
        lock (_gate)
        {
            return [.. RowsOf(table, _ => true)];
        }
    }

    private async Task<T> AnswerAsync<T>(
        StoreRead read, Func<StoreCalls, StoreCalls> count, Func<T> answer, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
        {
            _calls = count(_calls);
        }

        await Task.Yield();
        if (BeforeRead is { } before)
        {
            await before(read);
        }

        T answered;
        lock (_gate)
        {
            answered = answer();
        }

        if (AfterRead is { } after)
        {
            await after(read);
        }

        return answered;
    }

    private PartitionRows? RowsIn(Partition partition) => _partitions.GetValueOrDefault(partition);

    private IEnumerable<FoundRow> RowsOf(Table table, Func<Partition, bool> wanted) => _partitions
        .Where(partition => partition.Key.Table == table && wanted(partition.Key))
        .OrderBy(partition => partition.Key.Key, StringComparer.Ordinal)
        .SelectMany(partition => partition.Value.All().Select(row => new FoundRow(partition.Key, row)));
}
