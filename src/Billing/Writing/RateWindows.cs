using System.Collections.Immutable;
using Billing.Accounts;
using Billing.Catalogs;
using Billing.RateLimits;

namespace Billing.Writing;

/// <summary>The rate windows of one round: as they are stored, and as its riders' hits leave them.</summary>
internal sealed class RateWindows(Lane lane)
{
    private readonly Dictionary<string, HeldRate> _stored = [];
    private readonly Dictionary<string, RateWindow> _hit = [];

    /// <summary>How many rows the hits change.</summary>
    public int Count => _hit.Count;

    /// <summary>Keys of the rows that must be read before these riders are decided.</summary>
    public List<string> Missing(List<Rider> riders)
    {
        var missing = new List<string>();
        foreach (var key in riders.Where(rider => rider.Rate is not null).Select(rider => rider.Rate!.RowKey).Distinct())
        {
            if (_stored.ContainsKey(key))
            {
                continue;
            }

            if (lane.TryRate(key, out var rate))
            {
                _stored.Add(key, rate);
            }
            else
            {
                missing.Add(key);
            }
        }

        return missing;
    }

    /// <summary>Takes a row as read; null when there is none.</summary>
    public void Take(string rowKey, Row? row)
    {
        var rate = row is null ? new HeldRate(RateWindow.Empty, null) : new HeldRate(RateWindow.Parse(row.Data), row.ETag);
        _stored[rowKey] = rate;
        lane.HoldRate(rowKey, rate);
    }

    /// <summary>Forgets the hits: their riders are decided anew.</summary>
    public void Restart() => _hit.Clear();

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        _hit.Clear();
        _stored.Clear();
    }

    /// <summary>Counts a rider's hit, or looks how its key's limit stands.</summary>
    /// <returns>False when it is over the limit.</returns>
    public bool Hit(Rider rider, Draft draft, Catalog catalog)
    {
        if (rider.Rate is not { } hit)
        {
            return true;
        }

        var window = _hit.GetValueOrDefault(hit.RowKey) ?? _stored[hit.RowKey].Window;
        var limit = hit.LimitFor(draft.Account, catalog);
        var decision = hit.Counts ? window.Hit(limit, draft.Now) : new RateDecision(window, Accepted: true, window.Peek(limit, draft.Now));
        rider.RateDecision = decision;
        if (decision.Accepted && hit.Counts)
        {
            _hit[hit.RowKey] = decision.Window;
        }

        return decision.Accepted;
    }

    /// <summary>The writes that store the hits.</summary>
    public IEnumerable<RowWrite> Writes()
    {
        foreach (var (key, window) in _hit)
        {
            var etag = _stored[key].ETag;
            yield return new RowWrite(etag is null ? WriteKind.Insert : WriteKind.Replace, new Row(key, window.ToText(), null, etag));
        }
    }

    /// <summary>Takes what <see cref="Writes"/> gave as stored under these versions; null where the version is not known.</summary>
    public void Stored(ReadOnlySpan<RowWrite> writes, ReadOnlySpan<string?> etags)
    {
        for (var i = 0; i < writes.Length; i++)
        {
            var key = writes[i].Row.Key;
            if (etags[i] is not { } etag)
            {
                lane.Forget();
                Clear();
                return;
            }

            _stored[key] = new HeldRate(_hit[key], etag);
            lane.HoldRate(key, _stored[key]);
        }
    }
}
