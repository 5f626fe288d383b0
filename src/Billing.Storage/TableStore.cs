using System.Collections.Immutable;
using Azure;
using Azure.Data.Tables;
using Billing.Engine.Ports;

namespace Billing.Storage;

/// <summary>The ledger port over Azure Table Storage: a transaction is one entity group transaction, one request.</summary>
/// <remarks>
/// Commits are sent once: <see cref="CommitResult.Unknown"/> is the caller's to resolve. A commit that is cancelled on its way
/// is unknown, too; cancelled before, it throws. Reads are tried three times.
/// </remarks>
public sealed class TableStore(StorageClients clients) : ITableStore
{
    private const int ReadAttempts = 3;
    private const int MaxPages = 1_000;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(50);

    /// <summary>Makes the tables that a shard lacks.</summary>
    public async Task EnsureCreatedAsync(int shard, CancellationToken cancellation)
    {
        foreach (var table in clients.TablesOf(shard))
        {
            await ReadingAsync(() => table.CreateIfNotExistsAsync(cancellation), cancellation).ConfigureAwait(false);
        }
    }

    public async Task<Row?> ReadAsync(Partition partition, string rowKey, CancellationToken cancellation)
    {
        TransactionRules.CheckKey(partition.Key, "partition key");
        TransactionRules.CheckKey(rowKey, "row key");
        var table = clients.TableOf(partition).Name;
        return await ReadingAsync(() => ReadOnceAsync(partition, table, rowKey, cancellation), cancellation).ConfigureAwait(false);
    }

    public async Task<RowPage> PageAsync(
        Partition partition, KeyRange range, int take, string? tag, string? continuation, CancellationToken cancellation)
    {
        TransactionRules.CheckKey(partition.Key, "partition key");
        TransactionRules.CheckPage(range, take, tag);
        var filter = $"PartitionKey eq '{partition.Key}' and RowKey ge '{Quoted(range.From)}' and RowKey lt '{Quoted(range.To)}'";
        if (tag is not null)
        {
            filter += $" and tag eq '{tag}'";
        }

        var page = await PageAsync(clients.TableOf(partition), filter, take, continuation, cancellation).ConfigureAwait(false);
        return new RowPage([.. page.Values.Select(RowEntity.ToRow)], page.ContinuationToken);
    }

    public async Task<ImmutableArray<FoundRow>> FindDueAsync(int shard, KeyRange partitions, int take, CancellationToken cancellation)
    {
        TransactionRules.CheckSearch(partitions, take);
        var table = clients.TableOf(new Partition(Table.Schedule, partitions.From, shard));
        var filter = $"PartitionKey ge '{Quoted(partitions.From)}' and PartitionKey lt '{Quoted(partitions.To)}'";
        var found = new List<FoundRow>();
        string? continuation = null;
        // Storage ends a page wherever it crosses to another server, be it empty.
        for (var pages = 0; pages < MaxPages; pages++)
        {
            var size = Math.Min(take - found.Count, TransactionRules.MaxPage);
            var page = await PageAsync(table, filter, size, continuation, cancellation).ConfigureAwait(false);
            found.AddRange(page.Values.Select(entity => new FoundRow(new Partition(Table.Schedule, entity.PartitionKey, shard), RowEntity.ToRow(entity))));
            continuation = page.ContinuationToken;
            if (continuation is null || found.Count >= take)
            {
                return [.. found.Take(take)];
            }
        }

        throw new StorageUnavailableException($"A search was not over after {MaxPages} pages.");
    }

    public async Task<CommitResult> CommitAsync(Partition partition, ImmutableArray<RowWrite> writes, CancellationToken cancellation)
    {
        TransactionRules.CheckTransaction(partition, writes);
        cancellation.ThrowIfCancellationRequested();
        try
        {
            using var answer = await clients.ConnectionOf(partition)
                .TransactAsync(clients.TableOf(partition).Name, partition.Key, writes.AsMemory(), cancellation).ConfigureAwait(false);
            return TransactionAnswer.Of(answer, writes);
        }
        catch (Exception fault) when (StorageFaults.Is(fault))
        {
            return StorageFaults.OfCommit(fault);
        }
    }

    private async Task<Row?> ReadOnceAsync(Partition partition, string table, string rowKey, CancellationToken cancellation)
    {
        using var answer = await clients.ConnectionOf(partition).ReadAsync(table, partition.Key, rowKey, cancellation).ConfigureAwait(false);
        var body = answer.Body.Written;
        if (answer.Status == 200)
        {
            return EntityJson.Read(body.Span, answer.ETag ?? throw new InvalidDataException("Storage did not say the version of a row."));
        }

        // A missing table, and a gateway that knows no such address, have no rows either, but nobody must take that for an account that does not exist.
        return StorageError.Of(answer.Status, body.Span) is var error and not { Status: 404, Code: StorageFaults.NoRow }
            ? throw new RequestFailedException(error.Status, $"Nobody says of table {table} whether it has the row.", error.Code, null)
            : null;
    }

    private static string Quoted(string bound) => bound.Replace("'", "''", StringComparison.Ordinal);

    private static Task<Page<TableEntity>> PageAsync(
        TableClient table, string filter, int take, string? continuation, CancellationToken cancellation) => ReadingAsync(
        async () =>
        {
            var pages = table.QueryAsync<TableEntity>(filter, take, cancellationToken: cancellation).AsPages(continuation, take);
            await foreach (var page in pages.ConfigureAwait(false))
            {
                return page;
            }

            throw new InvalidDataException("A query was answered without any page.");
        },
        cancellation);

    private static async Task<T> ReadingAsync<T>(Func<Task<T>> read, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await read().ConfigureAwait(false);
            }
            catch (Exception fault) when (StorageFaults.Is(fault))
            {
                cancellation.ThrowIfCancellationRequested();
                if (attempt == ReadAttempts || !StorageFaults.IsTransient(fault))
                {
                    throw StorageFaults.Unavailable(fault);
                }
            }

            await Task.Delay(RetryDelay * (attempt + Random.Shared.NextDouble()), cancellation).ConfigureAwait(false);
        }
    }
}
