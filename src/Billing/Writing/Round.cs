using Billing.Accounts;
using Billing.Catalogs;
using Billing.Renewals;

namespace Billing.Writing;

/// <summary>One commit of one workspace: decides what its riders want and stores it, again and again until nobody else has come between.</summary>
internal sealed class Round(WriterPorts ports, Lane lane, List<Rider> riders)
{
    private const int MostAttempts = 48;
    private const int MostSweepsFirst = 3;

    // A decision and its answer are at most 8 rows; account and shelf come on top.
    private const int FullAt = ILedger.MaxWrites - 10;

    // Storage takes 4 MiB a transaction and counts up to six bytes a character. What one decision writes is well below the rest.
    private const int MostCharacters = 256 * 1024;

    // How long a mere hit may rest on a limit of the plan as this process knows it; API keys are remembered as long.
    private static readonly TimeSpan LimitKnownFor = TimeSpan.FromSeconds(30);
    private readonly Dictionary<string, Record> _rows = [];
    private readonly HashSet<string> _read = [];
    private readonly RateWindows _rates = new(lane);
    private readonly Doorbells _doorbells = new(ports.Doorbell);
    private readonly Partition _partition = new(Table.Ledger, lane.WorkspaceId);
    private bool _fresh;
    private bool _checkOperations;
    private int _sweeps;

    private enum Step
    {
        /// <summary>Something was stored or answered.</summary>
        Done,

        /// <summary>To be decided again, with what is known now.</summary>
        Again,

        /// <summary>Another writer came between.</summary>
        Lost,
    }

    /// <summary>True once decisions of these riders have been sent and were not refused: nobody may take them a second time.</summary>
    public bool Sent { get; private set; }

    public async Task RunAsync()
    {
        for (var attempt = 0; riders.Count > 0;)
        {
            var step = await AttemptAsync().ConfigureAwait(false);
            if (step == Step.Done)
            {
                attempt = 0;
            }
            else if (step == Step.Lost)
            {
                if (++attempt == MostAttempts)
                {
                    throw new StorageUnavailableException("Too many writers contend for the workspace.");
                }

                Forget();
                lane.Contend();
                await ports.Backoff(attempt).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Forgets what another writer may have changed.</summary>
    private void Forget()
    {
        lane.Forget();
        _fresh = false;
        _rows.Clear();
        _read.Clear();
        _rates.Clear();
        _doorbells.Clear();
    }

    private async Task<Step> AttemptAsync()
    {
        _rates.Restart();
        if (!await LoadAsync().ConfigureAwait(false))
        {
            riders.ForEach(rider => rider.NoSuchWorkspace());
            riders.Clear();
            return Step.Done;
        }

        var held = lane.Held!;
        var catalog = ports.Catalogs[held.Account.Product];
        var now = held.NotBefore(ports.Now);
        var expired = await Expired.FindAsync(ports.Ledger, held.Account, catalog, now).ConfigureAwait(false);
        foreach (var admission in expired?.Admissions ?? [])
        {
            _rows[admission.RowKey] = admission;
        }

        // Nobody is decided on an account that is not up to date; the rest of a long sweep can wait for the next round.
        var draft = new Draft(held.Account, now, _rows);
        if (!Advance.To(draft, catalog) || (expired?.Settle(draft) == false && _sweeps++ < MostSweepsFirst))
        {
            return await CommitAsync(held, draft, decided: 0).ConfigureAwait(false) ? Step.Done : Step.Lost;
        }

        if (!TryDecide(draft, catalog, out var decided) || NeedsAnotherLook(draft, held, decided))
        {
            return Step.Again;
        }

        if (!await CommitAsync(held, draft, decided).ConfigureAwait(false))
        {
            return Step.Lost;
        }

        riders.GetRange(0, decided).ForEach(rider => rider.Answer());
        lane.PutBack(riders.GetRange(decided, riders.Count - decided));
        riders.Clear();
        return Step.Done;
    }

    /// <summary>Decides as many riders as fit the commit, in order.</summary>
    /// <returns>False when one of them failed and is out: it may have left the draft half changed.</returns>
    private bool TryDecide(Draft draft, Catalog catalog, out int decided)
    {
        var (weighed, characters) = (0, 0);
        for (decided = 0; decided < riders.Count; decided++)
        {
            for (; weighed < draft.Keys.Count; weighed++)
            {
                characters += draft.Written.GetValueOrDefault(draft.Keys[weighed]) is { } record ? draft.RowOf(record).Data.Length : 0;
            }

            if (draft.Written.Count + _rates.Count >= FullAt || (decided > 0 && characters >= MostCharacters))
            {
                return true;
            }

            if (!TryDecide(riders[decided], draft, catalog))
            {
                riders.RemoveAt(decided);
                return false;
            }
        }

        return true;
    }

    private bool TryDecide(Rider rider, Draft draft, Catalog catalog)
    {
        try
        {
            if (_rates.Hit(rider, draft, catalog))
            {
                rider.Decide(draft, catalog);
            }
            else
            {
                rider.RefuseRate(draft);
            }

            return true;
        }
#pragma warning disable CA1031 // a bug in one decision must not cost the others theirs
        catch (Exception exception)
#pragma warning restore CA1031
        {
            rider.Fail(exception);
            return false;
        }
    }

    /// <summary>
    /// A decision that does not write the account is confirmed by nothing, so it must rest on state read for it; and nobody is declined before it is
    /// known that the same request was not accepted earlier.
    /// </summary>
    private bool NeedsAnotherLook(Draft draft, StoredAccount held, int decided)
    {
        var looked = riders.GetRange(0, decided);
        if (!_checkOperations && looked.Exists(rider => rider is { Declined: true, Operation: not null }))
        {
            _checkOperations = true;
            return true;
        }

        if (_fresh || !ReferenceEquals(draft.Account, held.Account) || draft.Written.Count > 0 || !looked.Exists(RestsOnTheAccount))
        {
            return false;
        }

        Forget();
        return true;
    }

    private bool RestsOnTheAccount(Rider rider) =>
        rider.ReadsAccount || rider.RateDecision is { Accepted: false } || ports.Now - lane.HeldAt > LimitKnownFor;

    private async Task<bool> LoadAsync()
    {
        if (lane.Held is null)
        {
            lane.Hold(await AccountRows.LoadAsync(ports.Ledger, lane.WorkspaceId, null, default).ConfigureAwait(false), ports.Now);
            _fresh = true;
        }

        if (lane.Held is null)
        {
            return false;
        }

        var keys = riders.SelectMany(rider => rider.Reads)
            .Concat(_checkOperations ? riders.Where(rider => rider.Operation is not null).Select(rider => rider.Operation!.RowKey) : [])
            .Where(_read.Add)
            .ToList();
        var rates = _rates.Missing(riders);
        var rows = await Task.WhenAll(keys.Concat(rates).Select(key => ports.Ledger.ReadAsync(_partition, key, default))).ConfigureAwait(false);
        foreach (var row in rows.Take(keys.Count).OfType<Row>())
        {
            _rows[row.Key] = RowJson.ToRecord(row);
        }

        for (var i = 0; i < rates.Count; i++)
        {
            _rates.Take(rates[i], rows[keys.Count + i]);
        }

        return true;
    }

    /// <returns>False when nothing was stored.</returns>
    private async Task<bool> CommitAsync(StoredAccount held, Draft draft, int decided)
    {
        var changes = Changes.Of(held, draft, _rates, ports.CommitNames);
        if (changes.Writes.Length is 0 or > ILedger.MaxWrites)
        {
            return changes.Writes.IsEmpty ? true : throw new InvalidOperationException($"Decisions of {changes.Writes.Length} rows do not fit one transaction.");
        }

        // What points to the rows comes first: a link to nothing is harmless, a row that nothing points to is lost.
        await LinkAsync(draft).ConfigureAwait(false);
        await _doorbells.RingAsync(draft.Doorbells).ConfigureAwait(false);
        Sent = decided > 0;
        var result = await SendAsync(new Commit(ports, _partition, changes), draft, decided, changes.Writes.Length).ConfigureAwait(false);
        if (result is CommitResult.Committed { ETags: var etags })
        {
            changes.Hold(lane, _rates, etags, ports.Now);
            _fresh = true;
            _rows.Clear();
            _read.Clear();
            _doorbells.Reveal(draft.Doorbells);
            return true;
        }

        Sent = false;
        _checkOperations |= result is CommitResult.Duplicate { RowKey: var key } && key.StartsWith(Operation.Prefix, StringComparison.Ordinal);
        return false;
    }

    private Task<CommitResult> SendAsync(Commit commit, Draft draft, int decided, int rows)
    {
        if (ports.Watch is not { } watch)
        {
            return commit.RunAsync();
        }

        var spans = riders.GetRange(0, decided).ConvertAll(rider => rider.Span);
        return new WatchedCommit(commit, watch, new CommitStart(draft, decided, rows, spans), riders[0].Context).RunAsync();
    }

    private async Task LinkAsync(Draft draft)
    {
        var links = DueLink.Of(draft).Where(link => !lane.Knows(link)).Distinct().ToList();
        await Task.WhenAll(links.Select(link => DueLinks.PutAsync(ports.Ledger, link, [lane.WorkspaceId], default))).ConfigureAwait(false);
        links.ForEach(lane.Remember);
    }
}
