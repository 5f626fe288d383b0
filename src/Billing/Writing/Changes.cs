using System.Collections.Immutable;
using Billing.Accounts;

namespace Billing.Writing;

/// <summary>What a round has decided, as the writes of one transaction.</summary>
internal sealed class Changes
{
    private readonly StoredAccount? _stored;
    private readonly Range _rates;

    private Changes(ImmutableArray<RowWrite> writes, StoredAccount? stored, Range rates)
    {
        Writes = writes;
        _stored = stored;
        _rates = rates;
    }

    /// <summary>Inserts first, then what the account row guards, then rate windows, the account row last.</summary>
    public ImmutableArray<RowWrite> Writes { get; }

    /// <summary>The name that the account row has for this commit; null when it does not write the account row.</summary>
    public string? Name => _stored?.Commits[^1];

    /// <summary>The account's version after it.</summary>
    public long Version => _stored?.Account.Version ?? 0;

    public static Changes Of(StoredAccount held, Draft draft, RateWindows rates, CommitNames names)
    {
        var writes = ImmutableArray.CreateBuilder<RowWrite>();
        AddInserts(writes, draft);
        AddGuarded(writes, draft);
        var rows = writes.Count;
        writes.AddRange(rates.Writes());
        var range = rows..writes.Count;
        if (draft.Written.Count == 0 && ReferenceEquals(draft.Account, held.Account))
        {
            return new Changes(writes.ToImmutable(), null, range);
        }

        var next = draft.Account with { Version = held.Account.Version + 1 };
        var (account, accountRows) = AccountRows.Store(next, held, draft.Now, names.Next());
        writes.AddRange(accountRows);
        return new Changes(writes.ToImmutable(), account, range);
    }

    /// <summary>Lets the lane hold what was just stored.</summary>
    public void Hold(Lane lane, RateWindows rates, ImmutableArray<string?> etags, DateTimeOffset at)
    {
        if (_stored is not null)
        {
            lane.Hold(etags[^1] is { } etag ? _stored with { ETag = etag } : null, at);
        }

        rates.Stored(Writes.AsSpan()[_rates], etags.AsSpan()[_rates]);
    }

    private static void AddInserts(ImmutableArray<RowWrite>.Builder writes, Draft draft)
    {
        foreach (var (key, record) in draft.Written)
        {
            if (record is not null && !draft.IsStored(key))
            {
                writes.Add(new RowWrite(WriteKind.Insert, draft.RowOf(record)));
            }
        }
    }

    private static void AddGuarded(ImmutableArray<RowWrite>.Builder writes, Draft draft)
    {
        foreach (var (key, record) in draft.Written)
        {
            if (draft.IsStored(key))
            {
                writes.Add(record is null ? new RowWrite(WriteKind.Delete, new Row(key, "")) : new RowWrite(WriteKind.Put, draft.RowOf(record)));
            }
        }
    }
}
