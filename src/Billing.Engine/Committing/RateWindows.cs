using System.Collections.Immutable;
using Billing.Catalogs;
using Billing.Engine.Ports;
using Billing.RateLimits;
using Billing.Workspaces;

namespace Billing.Engine.Committing;

/// <summary>The rate windows of one batch: as they are stored, and as its hits leave them.</summary>
internal sealed class RateWindows(WorkspaceQueue queue)
{
    private readonly Dictionary<string, HeldRate> _stored = [];
    private readonly Dictionary<string, RateWindow> _hit = [];

    public int Count => _hit.Count;

    /// <summary>Keys of the rows that must be read before these are decided.</summary>
    public List<string> Missing(List<PendingWork> pending)
    {
        var missing = new List<string>();
        foreach (var key in pending.Select(one => one.Work.Rate?.RowKey).OfType<string>().Where(key => !_stored.ContainsKey(key)).Distinct())
        {
            if (queue.TryRate(key, out var rate))
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
        var rate = row is null ? new HeldRate(RateWindow.Empty, null) : new HeldRate(RateWindow.Parse(row.Data.Text), row.ETag);
        _stored[rowKey] = rate;
        queue.HoldRate(rowKey, rate);
    }

    public void Restart() => _hit.Clear();

    public void Clear()
    {
        _hit.Clear();
        _stored.Clear();
    }

    /// <summary>Looks whether the limit has room, before anything is decided.</summary>
    /// <returns>False when the request is over the limit.</returns>
    public bool HasRoom(PendingWork one, UnitOfWork unit, Catalog catalog)
    {
        (unit.RateRoom, unit.RateTaken) = (int.MaxValue, 0);
        if (one.Work.Rate is not { } hit)
        {
            return true;
        }

        var (window, limit) = (WindowOf(hit), hit.LimitFor(unit.Workspace, catalog));
        var (headers, needed) = (window.Peek(limit, unit.Now), hit.NeededUnder(limit));
        if (needed > headers.Remaining)
        {
            one.RateDecision = window.Hit(limit, unit.Now, needed);
            return false;
        }

        one.RateDecision = new RateDecision(window, Accepted: true, headers);
        unit.RateRoom = limit.Counts == RateUnit.Generations ? headers.Remaining : int.MaxValue;
        return true;
    }

    /// <summary>Counts what was decided.</summary>
    public void Book(PendingWork one, UnitOfWork unit, Catalog catalog)
    {
        if (one.Work.Rate is not { } hit)
        {
            return;
        }

        var (window, limit) = (WindowOf(hit), hit.LimitFor(unit.Workspace, catalog));
        var hits = hit.GivesBack > 0 || !one.CountsAsRequest ? 0 : limit.Counts == RateUnit.Requests ? hit.NeededUnder(limit) : unit.RateTaken;
        if (hits > 0)
        {
            Keep(one, hit, window.Hit(limit, unit.Now, hits));
        }
        else if (window.Without(hit.GivesBack) is var rest && !ReferenceEquals(rest, window))
        {
            Keep(one, hit, new RateDecision(rest, Accepted: true, rest.Peek(limit, unit.Now)));
        }
    }

    private void Keep(PendingWork one, RateHit hit, RateDecision decision)
    {
        one.RateDecision = decision;
        if (decision.Accepted)
        {
            _hit[hit.RowKey] = decision.Window;
        }
    }

    private RateWindow WindowOf(RateHit hit) => _hit.GetValueOrDefault(hit.RowKey) ?? _stored[hit.RowKey].Window;

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
                queue.Forget();
                Clear();
                return;
            }

            _stored[key] = new HeldRate(_hit[key], etag);
            queue.HoldRate(key, _stored[key]);
        }
    }
}
