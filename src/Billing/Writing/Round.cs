using System.Collections.Immutable;
using Billing.Accounts;
using Billing.Catalogs;
using Billing.RateLimits;
using Billing.Renewals;

namespace Billing.Writing;

/// <summary>One commit of one workspace: decides what its riders want and stores it, again and again until nobody else has come between.</summary>
internal sealed class Round(WriterPorts ports, Lane lane, List<Rider> riders)
{
    private const int MostAttempts = 12;
    private const int MostSweepsFirst = 3;

    // A decision writes at most 8 rows; account and shelf come on top.
    private const int FullAt = ILedger.MaxWrites - 10;
    private readonly Dictionary<string, Record> _rows = [];
    private readonly HashSet<string> _read = [];
    private readonly Dictionary<string, Ring> _rings = [];
    private readonly Dictionary<string, RateWindow> _windows = [];
    private readonly Partition _partition = new(Table.Ledger, lane.WorkspaceId);
    private bool _fresh;
    private bool _checkOperations;
    private int _sweeps;

    public async Task RunAsync()
    {
        for (var attempt = 0; riders.Count > 0;)
        {
            if (await AttemptAsync().ConfigureAwait(false))
            {
                continue;
            }

            if (++attempt == MostAttempts)
            {
                throw new StorageUnavailableException("Too many writers contend for the workspace.");
            }

            Reset();
            await Task.Delay(ports.Backoff(attempt), ports.Clock).ConfigureAwait(false);
        }
    }

    /// <summary>Forgets what another writer may have changed.</summary>
    private void Reset()
    {
        lane.Forget();
        _fresh = false;
        _rows.Clear();
        _read.Clear();
    }

    /// <returns>False when another writer came between.</returns>
    private async Task<bool> AttemptAsync()
    {
        if (!await LoadAsync().ConfigureAwait(false))
        {
            riders.ForEach(rider => rider.NoSuchWorkspace());
            riders.Clear();
            return true;
        }

        var now = Instants.Milliseconds(ports.Clock.GetUtcNow());
        var held = lane.Held!;
        var catalog = ports.Catalogs[held.Account.Product];
        var expired = await Expired.FindAsync(ports.Ledger, held.Account, catalog, now).ConfigureAwait(false);
        foreach (var admission in expired.Admissions)
        {
            _rows[admission.RowKey] = admission;
        }

        var draft = new Draft(held.Account, now, _rows);
        var complete = Advance.To(draft, catalog) & expired.Settle(draft);
        if (!complete && _sweeps++ < MostSweepsFirst)
        {
            return await CommitAsync(held, draft).ConfigureAwait(false);
        }

        var decided = Decide(draft, catalog);
        if (decided < 0 || NeedsAnotherLook(draft, held, decided))
        {
            return true;
        }

        if (!await CommitAsync(held, draft).ConfigureAwait(false))
        {
            return false;
        }

        riders.GetRange(0, decided).ForEach(rider => rider.Answer());
        lane.PutBack(riders.Skip(decided));
        riders.Clear();
        return true;
    }

    /// <returns>How many riders were decided before the commit was full; −1 when one of them failed and is out.</returns>
    private int Decide(Draft draft, Catalog catalog)
    {
        _windows.Clear();
        var decided = 0;
        while (decided < riders.Count && draft.Written.Count + _windows.Count < FullAt)
        {
            var rider = riders[decided];
            try
            {
                if (HitRate(rider, draft, catalog))
                {
                    rider.Decide(draft, catalog);
                }
                else
                {
                    rider.RefuseRate(draft);
                }
            }
#pragma warning disable CA1031 // a bug in one decision must not cost the others theirs
            catch (Exception exception)
#pragma warning restore CA1031
            {
                rider.Fail(exception);
                riders.RemoveAt(decided);
                return -1;
            }

            decided++;
        }

        return decided;
    }

    private bool HitRate(Rider rider, Draft draft, Catalog catalog)
    {
        if (rider.Rate is not { } hit)
        {
            return true;
        }

        var window = _windows.GetValueOrDefault(hit.RowKey) ?? lane.Rates[hit.RowKey].Window;
        var decision = window.Hit(hit.LimitFor(draft.Account, catalog), draft.Now);
        rider.RateDecision = decision;
        if (decision.Accepted)
        {
            _windows[hit.RowKey] = decision.Window;
        }

        return decision.Accepted;
    }

    /// <summary>
    /// A decision that writes nothing is confirmed by nothing, so it must rest on state read for it; and nobody is declined before it is known that the
    /// same request was not accepted earlier.
    /// </summary>
    private bool NeedsAnotherLook(Draft draft, StoredAccount held, int decided)
    {
        var looked = riders.Take(decided).ToList();
        if (!_checkOperations && looked.Any(rider => rider is { Declined: true, Operation: not null }))
        {
            _checkOperations = true;
            return true;
        }

        if (_fresh || !ReferenceEquals(draft.Account, held.Account) || draft.Written.Count > 0 || !looked.Any(rider => rider.ReadsAccount && (rider.RateDecision?.Accepted ?? true)))
        {
            return false;
        }

        Reset();
        return true;
    }

    private async Task<bool> LoadAsync()
    {
        if (lane.Held is null)
        {
            lane.Held = await AccountRows.LoadAsync(ports.Ledger, lane.WorkspaceId, null, default).ConfigureAwait(false);
            _fresh = true;
        }

        var keys = riders.SelectMany(rider => rider.Reads)
            .Concat(_checkOperations ? riders.Where(rider => rider.Operation is not null).Select(rider => rider.Operation!.RowKey) : [])
            .Where(_read.Add)
            .ToList();
        var rates = riders.Where(rider => rider.Rate is not null).Select(rider => rider.Rate!.RowKey).Where(key => !lane.Rates.ContainsKey(key)).Distinct().ToList();
        var rows = await Task.WhenAll(keys.Concat(rates).Select(key => ports.Ledger.ReadAsync(_partition, key, default))).ConfigureAwait(false);
        foreach (var row in rows.Take(keys.Count).OfType<Row>())
        {
            _rows[row.Key] = RowJson.ToRecord(row);
        }

        for (var i = 0; i < rates.Count; i++)
        {
            var row = rows[keys.Count + i];
            lane.HoldRate(rates[i], row is null ? new HeldRate(RateWindow.Empty, null) : new HeldRate(RateWindow.Parse(row.Data), row.ETag));
        }

        return lane.Held is not null;
    }

    /// <returns>False when nothing was stored.</returns>
    private async Task<bool> CommitAsync(StoredAccount held, Draft draft)
    {
        var changes = Changes.Of(held, draft, _windows, lane.Rates);
        if (changes.Writes.IsEmpty)
        {
            return true;
        }

        await Task.WhenAll(DueLink.Of(draft.Account, draft.Now).Where(link => !lane.Knows(link)).Select(LinkAsync)).ConfigureAwait(false);
        await Task.WhenAll(draft.Doorbells.Where(bell => !_rings.ContainsKey(bell.Id)).Select(RingAsync)).ConfigureAwait(false);
        var result = await new Commit(ports.Ledger, _partition, changes.Writes).RunAsync().ConfigureAwait(false);
        switch (result)
        {
            case CommitResult.Committed { ETags: var etags }:
                changes.Hold(lane, etags);
                _rows.Clear();
                _read.Clear();
                Reveal(draft);
                return true;
            case CommitResult.Duplicate { RowKey: var key } when key.StartsWith(Operation.Prefix, StringComparison.Ordinal):
                _checkOperations = true;
                return false;
            default:
                return false;
        }
    }

    private async Task LinkAsync(DueLink link)
    {
        await ports.Ledger.CommitAsync(link.Partition, [new RowWrite(WriteKind.Put, new Row(lane.WorkspaceId, "{}"))], default).ConfigureAwait(false);
        lane.Remember(link);
    }

    private async Task RingAsync(Doorbell bell)
    {
        var ring = await ports.Doorbell.RingAsync(bell.Queue, bell.Id, Doorbells.Delay, default).ConfigureAwait(false);
        lock (_rings)
        {
            _rings[bell.Id] = ring;
        }
    }

    /// <summary>Nobody waits for this: a ring that is not revealed shows itself when its delay is over.</summary>
    private void Reveal(Draft draft)
    {
        foreach (var bell in draft.Doorbells)
        {
            _ = Doorbells.RevealAsync(ports.Doorbell, _rings[bell.Id]);
        }
    }
}
