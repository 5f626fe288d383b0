using System.Collections.Concurrent;
using System.Collections.Immutable;
using Billing.Benchmarks.Measuring;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Engine.Rows;

namespace Billing.Benchmarks.Sweeps;

/// <summary>Stores many workspaces fast: a transaction each, and their due links a hundred at a time.</summary>
internal sealed class Seeder(ITableStore store)
{
    private const int AtOnce = 32;
    private const int LinksAtOnce = 2;
    private const int MostAttempts = 20;
    private readonly ConcurrentDictionary<Partition, ConcurrentQueue<string>> _links = [];

    /// <summary>Stores them. A link to nothing is harmless, a row without its link is lost: but nobody else is here yet, so the links may come last.</summary>
    public async Task<ImmutableArray<string>> SeedAsync(string what, int count, Func<int, SeededWorkspace> account)
    {
        var progress = new Progress($"seeding {what}", count);
        var workspaceIds = new string[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (index, cancellation) =>
        {
            workspaceIds[index] = await StoreAsync(account(index), cancellation);
            progress.Advance(1);
        });
        await LinkAsync();
        progress.End();
        return [.. workspaceIds];
    }

    private async Task<string> StoreAsync(SeededWorkspace seeded, CancellationToken cancellation)
    {
        var workspaceId = seeded.Account.WorkspaceId;
        foreach (var entry in DueIndexEntry.Of(seeded.Account, seeded.At).Distinct())
        {
            _links.GetOrAdd(entry.Partition, _ => []).Enqueue(workspaceId);
        }

        var (_, account) = WorkspaceRows.Store(seeded.Account with { Version = 1 }, former: null, seeded.At);
        await CommitAsync(
            new Partition(Table.Ledger, workspaceId),
            [.. seeded.Records.Select(record => new RowWrite(WriteKind.Insert, RowJson.ToRow(record))), .. account],
            cancellation);
        return workspaceId;
    }

    private async Task LinkAsync()
    {
        var transactions = _links.SelectMany(bucket => bucket.Value.Chunk(ITableStore.MaxWrites).Select(some => (Partition: bucket.Key, Ids: some))).ToList();
        _links.Clear();
        await Parallel.ForEachAsync(transactions, new ParallelOptions { MaxDegreeOfParallelism = LinksAtOnce }, async (some, cancellation) =>
            await InsistAsync(some.Partition, [.. some.Ids.Select(id => new RowWrite(WriteKind.Put, new Row(id, "{}")))], cancellation));
    }

    // The emulator is slow where a partition is large. Writing a link twice does no harm.
    private async Task InsistAsync(Partition partition, ImmutableArray<RowWrite> writes, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await CommitAsync(partition, writes, cancellation);
                return;
            }
            catch (StorageUnavailableException) when (attempt < MostAttempts)
            {
            }
        }
    }

    private async Task CommitAsync(Partition partition, ImmutableArray<RowWrite> writes, CancellationToken cancellation)
    {
        if (await store.CommitUntilKnownAsync(partition, writes, cancellation) is not CommitResult.Committed)
        {
            throw new InvalidOperationException($"Seeding {partition} failed.");
        }
    }
}
