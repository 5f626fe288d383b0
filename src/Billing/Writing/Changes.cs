using System.Collections.Immutable;
using Billing.Accounts;
using Billing.RateLimits;

namespace Billing.Writing;

/// <summary>What a round has decided, as the writes of one transaction.</summary>
internal sealed class Changes
{
    private readonly ImmutableArray<(string RowKey, RateWindow Window)> _rates;
    private readonly StoredAccount? _stored;

    private Changes(ImmutableArray<RowWrite> writes, StoredAccount? stored, ImmutableArray<(string RowKey, RateWindow Window)> rates)
    {
        Writes = writes;
        _stored = stored;
        _rates = rates;
    }

    /// <summary>Inserts first, then what the account row guards, then rate windows, the account row last.</summary>
    public ImmutableArray<RowWrite> Writes { get; }

    public static Changes Of(StoredAccount held, Draft draft, Dictionary<string, RateWindow> windows, IReadOnlyDictionary<string, HeldRate> rates)
    {
        var writes = ImmutableArray.CreateBuilder<RowWrite>();
        writes.AddRange(draft.Written
            .Select(pair => Write(draft, pair.Key, pair.Value))
            .OrderBy(write => write.Kind == WriteKind.Insert ? 0 : 1));
        foreach (var (key, window) in windows)
        {
            var etag = rates[key].ETag;
            writes.Add(new RowWrite(etag is null ? WriteKind.Insert : WriteKind.Replace, new Row(key, window.ToText(), null, etag)));
        }

        StoredAccount? stored = null;
        if (draft.Written.Count > 0 || !ReferenceEquals(draft.Account, held.Account))
        {
            var (account, rows) = AccountRows.Store(draft.Account with { Version = held.Account.Version + 1 }, held);
            stored = account;
            writes.AddRange(rows);
        }

        return new Changes(writes.ToImmutable(), stored, [.. windows.Select(pair => (pair.Key, pair.Value))]);
    }

    /// <summary>Lets the lane hold what was just stored.</summary>
    public void Hold(Lane lane, ImmutableArray<string?> etags)
    {
        var accountETag = etags[^1];
        if (_stored is not null)
        {
            lane.Held = accountETag is null ? null : _stored with { ETag = accountETag };
        }

        for (var i = 0; i < Writes.Length; i++)
        {
            var key = Writes[i].Row.Key;
            var window = _rates.FirstOrDefault(rate => rate.RowKey == key).Window;
            if (window is not null && etags[i] is { } etag)
            {
                lane.HoldRate(key, new HeldRate(window, etag));
            }
            else if (window is not null)
            {
                lane.ForgetRates();
            }
        }
    }

    private static RowWrite Write(Draft draft, string key, Record? record) => record is null
        ? new RowWrite(WriteKind.Delete, new Row(key, ""))
        : new RowWrite(draft.IsStored(key) ? WriteKind.Put : WriteKind.Insert, RowJson.ToRow(record));
}
