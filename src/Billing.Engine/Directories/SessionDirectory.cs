using System.Collections.Immutable;
using Billing.Accounts;
using Billing.Engine.Ports;
using Billing.Engine.Rows;

namespace Billing.Engine.Directories;

/// <summary>Who is signed in: one row per session, in the account's partition.</summary>
public sealed class SessionDirectory(ITableStore store)
{
    /// <summary>Most of one account: whoever begins another ends the oldest.</summary>
    public const int Most = 500;

    private const int MostAttempts = 16;
    private const string Prefix = "session:";

    /// <summary>Begins one, and clears away what has ended.</summary>
    public async Task BeginAsync(string accountId, Session session, CancellationToken cancellation)
    {
        var partition = PartitionOf(accountId);
        await store.CommitUntilKnownAsync(partition, [new RowWrite(WriteKind.Put, new Row(Prefix + session.Id, RowJson.Write(session)))], cancellation).ConfigureAwait(false);
        await ClearAsync(partition, session.CreatedAt - Session.Lifetime, cancellation).ConfigureAwait(false);
    }

    public async Task<Session?> FindAsync(string accountId, string id, CancellationToken cancellation) =>
        RowJson.ReadAny<Session>(await store.ReadAsync(PartitionOf(accountId), Prefix + id, cancellation).ConfigureAwait(false));

    public Task EndAsync(string accountId, string id, CancellationToken cancellation) =>
        store.CommitUntilKnownAsync(PartitionOf(accountId), [RowWrite.Delete(Prefix + id)], cancellation);

    /// <returns>Those that were ended.</returns>
    public async Task<ImmutableArray<string>> EndAllAsync(string accountId, CancellationToken cancellation)
    {
        var partition = PartitionOf(accountId);
        var keys = await store.RowsAsync(partition, KeyRange.StartingWith(Prefix), cancellation).Select(row => row.Key).ToListAsync(cancellation).ConfigureAwait(false);
        foreach (var some in keys.Chunk(ITableStore.MaxWrites))
        {
            await store.CommitEachAsync(partition, [.. some.Select(key => ImmutableArray.Create(RowWrite.Delete(key)))], cancellation).ConfigureAwait(false);
        }

        return [.. keys.Select(key => key[Prefix.Length..])];
    }

    /// <summary>
    /// Each clears away all that it sees, after its own is there: however many begin at once, the last of them leaves no more than may be. Where others clear
    /// away the same, what is left is looked at again.
    /// </summary>
    private async Task ClearAsync(Partition partition, DateTimeOffset before, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var ended = await EndedAsync(partition, before, cancellation).ConfigureAwait(false);
            if (ended.IsEmpty)
            {
                return;
            }

            await store.CommitUntilKnownAsync(partition, [.. ended.Select(key => RowWrite.Delete(key))], cancellation).ConfigureAwait(false);
        }
    }

    // They stand in the order in which they began, and all last equally long.
    private async Task<ImmutableArray<string>> EndedAsync(Partition partition, DateTimeOffset before, CancellationToken cancellation)
    {
        var keys = await store.RowsAsync(partition, KeyRange.StartingWith(Prefix), cancellation).Select(row => row.Key).ToListAsync(cancellation).ConfigureAwait(false);
        var over = string.Concat(Prefix, Ids.TimePart(before));
        return [.. keys.Where((key, index) => index < keys.Count - Most || string.CompareOrdinal(key, over) < 0).Take(ITableStore.MaxWrites)];
    }

    private static Partition PartitionOf(string accountId) => new(Table.People, accountId);
}
