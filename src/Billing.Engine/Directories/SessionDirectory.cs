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

    // As many as one beginning clears away; the next takes the next ones.
    private const int MostEnded = 20;
    private const string Prefix = "session:";

    /// <summary>Begins one, and clears away what has ended.</summary>
    public async Task BeginAsync(string accountId, Session session, CancellationToken cancellation)
    {
        var partition = PartitionOf(accountId);
        await store.CommitUntilKnownAsync(partition, [new RowWrite(WriteKind.Put, new Row(Prefix + session.Id, RowJson.Write(session)))], cancellation).ConfigureAwait(false);
        var ended = await EndedAsync(partition, session.CreatedAt - Session.Lifetime, cancellation).ConfigureAwait(false);
        await store.CommitEachAsync(partition, [.. ended.Select(key => ImmutableArray.Create(RowWrite.Delete(key)))], cancellation).ConfigureAwait(false);
    }

    public async Task<Session?> FindAsync(string accountId, string id, CancellationToken cancellation) =>
        RowJson.ReadAny<Session>(await store.ReadAsync(PartitionOf(accountId), Prefix + id, cancellation).ConfigureAwait(false));

    public Task EndAsync(string accountId, string id, CancellationToken cancellation) =>
        store.CommitUntilKnownAsync(PartitionOf(accountId), [RowWrite.Delete(Prefix + id)], cancellation);

    // They stand in the order in which they began, and all last equally long.
    private async Task<ImmutableArray<string>> EndedAsync(Partition partition, DateTimeOffset before, CancellationToken cancellation)
    {
        var keys = new List<string>();
        await foreach (var row in store.RowsAsync(partition, KeyRange.StartingWith(Prefix), cancellation).ConfigureAwait(false))
        {
            keys.Add(row.Key);
            if (keys.Count > Most + MostEnded)
            {
                break;
            }
        }

        var over = string.Concat(Prefix, Ids.TimePart(before));
        return [.. keys.Where((key, index) => index < keys.Count - Most || string.CompareOrdinal(key, over) < 0).Take(MostEnded)];
    }

    private static Partition PartitionOf(string accountId) => new(Table.People, accountId);
}
