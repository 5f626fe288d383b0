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

    /// <summary>Makes the tables that are missing.</summary>
    public async Task EnsureCreatedAsync(CancellationToken cancellation)
    {
        foreach (var table in Enum.GetValues<Table>().SelectMany(clients.TablesOf))
        {
            await ReadingAsync(() => table.CreateIfNotExistsAsync(cancellation), cancellation).ConfigureAwait(false);
        }
    }

    public async Task<Row?> ReadAsync(Partition partition, string rowKey, CancellationToken cancellation)
    {
        TransactionRules.CheckKey(partition.Key, "partition key");
        TransactionRules.CheckKey(rowKey, "row key");
        var table = clients.TableOf(partition);
        var found = await ReadingAsync(
            () => table.GetEntityIfExistsAsync<TableEntity>(partition.Key, rowKey, cancellationToken: cancellation), cancellation)
            .ConfigureAwait(false);
        if (found.HasValue)
        {
            return RowEntity.ToRow(found.Value!);
        }

        // A missing table, and a gateway that knows no such address, have no rows either, but nobody must take that for an account that does not exist.
        return found.GetRawResponse().Content.ToString().Contains($"\"{StorageFaults.NoRow}\"", StringComparison.Ordinal)
            ? null
            : throw new StorageUnavailableException($"There is no table {table.Name}, or somebody else answered for storage.");
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

    public async Task<ImmutableArray<FoundRow>> FindAsync(Table table, KeyRange partitions, int take, CancellationToken cancellation)
    {
        TransactionRules.CheckSearch(partitions, take);
        var filter = $"PartitionKey ge '{Quoted(partitions.From)}' and PartitionKey lt '{Quoted(partitions.To)}'";
        var found = ImmutableArray.CreateBuilder<FoundRow>();
        foreach (var client in clients.TablesOf(table))
        {
            found.AddRange(await FindAsync(client, table, filter, take, cancellation).ConfigureAwait(false));
        }

        return
        [
            .. found
                .OrderBy(row => row.Partition.Key, StringComparer.Ordinal)
                .ThenBy(row => row.Row.Key, StringComparer.Ordinal)
                .Take(take),
        ];
    }

    public async Task<CommitResult> CommitAsync(Partition partition, ImmutableArray<RowWrite> writes, CancellationToken cancellation)
    {
        TransactionRules.CheckTransaction(partition, writes);
        cancellation.ThrowIfCancellationRequested();
        var actions = new TableTransactionAction[writes.Length];
        for (var i = 0; i < actions.Length; i++)
        {
            actions[i] = ActionOf(partition.Key, writes[i]);
        }

        try
        {
            var stored = await clients.TableOf(partition).SubmitTransactionAsync(actions, cancellation).ConfigureAwait(false);
            return new CommitResult.Committed(ETagsOf(writes, stored.Value));
        }
        catch (Exception fault) when (StorageFaults.Is(fault))
        {
            return StorageFaults.OfCommit(fault, writes);
        }
    }

    private static TableTransactionAction ActionOf(string partitionKey, RowWrite write) => write.Kind switch
    {
        WriteKind.Insert => new(TableTransactionActionType.Add, RowEntity.From(partitionKey, write.Row)),
        WriteKind.Replace => new(
            TableTransactionActionType.UpdateReplace, RowEntity.From(partitionKey, write.Row), new ETag(write.Row.ETag!)),
        WriteKind.Put => new(TableTransactionActionType.UpsertReplace, RowEntity.From(partitionKey, write.Row)),
        WriteKind.Delete => new(
            TableTransactionActionType.Delete,
            new TableEntity(partitionKey, write.Row.Key),
            write.Row.ETag is { } etag ? new ETag(etag) : ETag.All),
        _ => throw new ArgumentOutOfRangeException(nameof(write), write.Kind, "There is no such write."),
    };

    private static ImmutableArray<string?> ETagsOf(ImmutableArray<RowWrite> writes, IReadOnlyList<Response> responses)
    {
        var etags = ImmutableArray.CreateBuilder<string?>(writes.Length);
        for (var i = 0; i < writes.Length; i++)
        {
            etags.Add(writes[i].Kind != WriteKind.Delete && responses[i].Headers.ETag is { } etag ? RowEntity.ToText(etag) : null);
        }

        return etags.MoveToImmutable();
    }

    private static string Quoted(string bound) => bound.Replace("'", "''", StringComparison.Ordinal);

    private static async Task<List<FoundRow>> FindAsync(
        TableClient client, Table table, string filter, int take, CancellationToken cancellation)
    {
        var found = new List<FoundRow>();
        string? continuation = null;
        // Storage ends a page wherever it crosses to another server, be it empty.
        for (var pages = 0; pages < MaxPages; pages++)
        {
            var size = Math.Min(take - found.Count, TransactionRules.MaxPage);
            var page = await PageAsync(client, filter, size, continuation, cancellation).ConfigureAwait(false);
            found.AddRange(page.Values.Select(entity => new FoundRow(new Partition(table, entity.PartitionKey), RowEntity.ToRow(entity))));
            continuation = page.ContinuationToken;
            if (continuation is null || found.Count >= take)
            {
                return found;
            }
        }

        throw new StorageUnavailableException($"A search was not over after {MaxPages} pages.");
    }

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
