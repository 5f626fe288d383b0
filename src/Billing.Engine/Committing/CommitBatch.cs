using Billing.Catalogs;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Generations;
using Billing.Workspaces;

namespace Billing.Engine.Committing;

/// <summary>One commit of one workspace: decides what waits and stores it, again and again until nobody else has come between.</summary>
internal sealed class CommitBatch(WriterPorts ports, WorkspaceQueue queue, List<PendingWork> pending)
{
    private const int MostAttempts = 48;
    private const int MostSweepsFirst = 3;

    // Page, account row and overflow grants come on top of what was decided.
    private const int FullAt = ITableStore.MaxWrites - 3;

    // Who comes after so much waits: storage takes 4 MiB a transaction, of bytes that grow by a third on the way. What does not fit all the same is decided with fewer.
    private const int MostBytes = 1024 * 1024;

    // How long a mere hit may rest on a limit of the plan as this process knows it; API keys are remembered as long.
    private static readonly TimeSpan LimitKnownFor = TimeSpan.FromSeconds(30);
    private readonly Dictionary<string, Record> _rows = [];
    private readonly HashSet<string> _read = [];
    private readonly RowCache _rowTexts = new();
    private readonly RateWindows _rates = new(queue);
    private readonly OutgoingMessages _messages = new(ports.Messages, queue.WorkspaceId);
    private readonly Partition _partition = new(Table.Ledger, queue.WorkspaceId);
    private bool _fresh;
    private bool _checkOperations;
    private int _sweeps;
    private int _most = int.MaxValue;

    private enum Step
    {
        Done,
        Again,
        Lost,
    }

    /// <summary>True once decisions of this batch have been sent and were not refused: nobody may take them a second time.</summary>
    public bool Sent { get; private set; }

    public async Task RunAsync()
    {
        for (var attempt = 0; pending.Count > 0;)
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
                queue.Contend();
                await ports.Backoff(attempt).ConfigureAwait(false);
            }
        }
    }

    private void Forget()
    {
        queue.Forget();
        _fresh = false;
        _rows.Clear();
        _read.Clear();
        _rates.Clear();
        _messages.Clear();
    }

    private async Task<Step> AttemptAsync()
    {
        _rates.Restart();
        if (!await LoadAsync().ConfigureAwait(false))
        {
            pending.ForEach(one => one.NoSuchWorkspace());
            pending.Clear();
            return Step.Done;
        }

        var held = queue.Held!;
        var catalog = await ports.CatalogOfAsync(held.Workspace).ConfigureAwait(false);
        var now = held.NotBefore(ports.Now);
        var expired = await ExpiredGenerations.FindAsync(ports.Store, held.Workspace, now).ConfigureAwait(false);
        foreach (var admission in expired?.Admissions ?? [])
        {
            _rows[admission.RowKey] = admission;
        }

        // Nobody is decided on a workspace that is not up to date; the rest of a long sweep can wait for the next commit.
        var unit = new UnitOfWork(held.Workspace, now, _rows) { NewSecret = CommitNames.Secret };
        if (!Present.To(unit, catalog, expired?.Ids ?? [], expired is { More: true }) || (expired?.Note(unit) == false && _sweeps++ < MostSweepsFirst))
        {
            return await CommitAsync(held, unit, decided: 0, caughtUp: false).ConfigureAwait(false);
        }

        var caughtUp = unit.Written.Count > 0 || !ReferenceEquals(unit.Workspace, held.Workspace);
        if (!TryDecide(unit, catalog, out var decided) || NeedsAnotherLook(unit, held, decided))
        {
            return Step.Again;
        }

        if (!await IsOfOneStateAsync(held, unit, decided).ConfigureAwait(false))
        {
            return Step.Lost;
        }

        var step = await CommitAsync(held, unit, decided, caughtUp).ConfigureAwait(false);
        if (step != Step.Done)
        {
            return step;
        }

        pending.GetRange(0, decided).ForEach(one => one.Answer());
        queue.PutBack(pending.GetRange(decided, pending.Count - decided));
        pending.Clear();
        return Step.Done;
    }

    /// <summary>Decides as many as fit the commit, in order.</summary>
    /// <returns>False when one of them failed and is out: it may have left the unit of work half changed.</returns>
    private bool TryDecide(UnitOfWork unit, Catalog catalog, out int decided)
    {
        var (weighed, bytes) = (0, 0);
        for (decided = 0; decided < pending.Count && decided < _most; decided++)
        {
            for (; weighed < unit.Keys.Count; weighed++)
            {
                bytes += unit.Written.GetValueOrDefault(unit.Keys[weighed]) is { } record ? _rowTexts.Of(record).Data.Length : 0;
            }

            if (unit.Written.Count + _rates.Count + pending[decided].Work.MostRows >= FullAt || (decided > 0 && bytes >= MostBytes))
            {
                return true;
            }

            if (!TryDecide(pending[decided], unit, catalog))
            {
                pending.RemoveAt(decided);
                return false;
            }
        }

        return true;
    }

    private bool TryDecide(PendingWork one, UnitOfWork unit, Catalog catalog)
    {
        try
        {
            var hasRoom = _rates.HasRoom(one, unit, catalog);
            if (one.TryReplay(unit))
            {
                one.RateDecision = one.RateDecision?.Uncounted;
                return true;
            }

            if (!hasRoom)
            {
                one.Refuse(unit, one.RateDecision!.Refusal);
                return true;
            }

            if (one.IsTooLarge)
            {
                one.Refuse(unit, TransactionPlan.TooLarge);
            }
            else
            {
                one.Decide(unit, catalog);
            }

            _rates.Book(one, unit, catalog);
            return true;
        }
#pragma warning disable CA1031 // a bug in one decision must not cost the others theirs
        catch (Exception exception)
#pragma warning restore CA1031
        {
            one.Fail(exception);
            return false;
        }
    }

    /// <summary>
    /// A decision that does not write the account row is confirmed by nothing, so it must rest on state read for it; and nobody is declined before it is
    /// known that the same request was not accepted earlier.
    /// </summary>
    private bool NeedsAnotherLook(UnitOfWork unit, StoredWorkspace held, int decided)
    {
        var looked = pending.GetRange(0, decided);
        if (!_checkOperations && looked.Exists(one => one is { Declined: true, Work.Operation: not null }))
        {
            _checkOperations = true;
            return true;
        }

        if (_fresh || !ReferenceEquals(unit.Workspace, held.Workspace) || unit.Written.Count > 0 || !looked.Exists(RestsOnTheAccount))
        {
            return false;
        }

        Forget();
        return true;
    }

    /// <summary>
    /// Rows are read one by one, and a commit between two of them may have changed the one that was read already. Who is declined for what was
    /// read is declined when the account is still the same after it; a commit of the account proves that by itself.
    /// </summary>
    private async Task<bool> IsOfOneStateAsync(StoredWorkspace held, UnitOfWork unit, int decided)
    {
        if (unit.Written.Count > 0 || !pending.GetRange(0, decided).Exists(one => one is { Declined: true, Work.Reads.IsEmpty: false }))
        {
            return true;
        }

        var after = await WorkspaceRows.LoadAsync(ports.Store, queue.WorkspaceId, held, default).ConfigureAwait(false);
        return after?.Workspace.Version == held.Workspace.Version;
    }

    private bool RestsOnTheAccount(PendingWork one) =>
        one.Work.ReadsAccount || one.RateDecision is { Accepted: false } || ports.Now - queue.HeldAt > LimitKnownFor;

    private async Task<bool> LoadAsync()
    {
        if (queue.Held is null)
        {
            queue.Hold(await WorkspaceRows.LoadAsync(ports.Store, queue.WorkspaceId, null, default).ConfigureAwait(false), ports.Now);
            _fresh = true;
        }

        if (queue.Held is null)
        {
            return false;
        }

        var keys = pending.SelectMany(one => one.Work.Reads)
            .Concat(_checkOperations ? pending.Select(one => one.Work.Operation?.RowKey).OfType<string>() : [])
            .Where(_read.Add)
            .ToList();
        var rates = _rates.Missing(pending);
        var rows = await Task.WhenAll(keys.Concat(rates).Select(key => ports.Store.ReadAsync(_partition, key, default))).ConfigureAwait(false);
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

    /// <param name="caughtUp">Whether something was to be stored before anybody was decided.</param>
    private async Task<Step> CommitAsync(StoredWorkspace held, UnitOfWork unit, int decided, bool caughtUp)
    {
        var changes = TransactionPlan.Of(held, unit, _rowTexts, _rates, ports.CommitNames);
        if (changes.Writes.Length is 0 or > ITableStore.MaxWrites)
        {
            return changes.Writes.IsEmpty ? Step.Done : throw new InvalidOperationException($"Decisions of {changes.Writes.Length} rows do not fit one transaction.");
        }

        if (!changes.FitsIn(_partition))
        {
            return WithFewer(decided, caughtUp);
        }

        // What points to the rows comes first: what points to nothing is harmless, a row that nothing points to is lost.
        await IndexAsync(unit).ConfigureAwait(false);
        var messages = OutgoingMessages.For(unit);
        await _messages.SendAsync(messages).ConfigureAwait(false);
        Sent = decided > 0;
        var result = await SendAsync(new Commit(ports, _partition, changes), unit, decided, changes.Writes.Length).ConfigureAwait(false);
        if (result is CommitResult.Committed { ETags: var etags })
        {
            changes.Hold(queue, _rates, etags, ports.Now);
            _fresh = true;
            _rows.Clear();
            _read.Clear();
            _messages.Reveal(messages);
            return Step.Done;
        }

        Sent = false;
        _checkOperations |= result is CommitResult.Duplicate { RowKey: var key } && (key.StartsWith(Operation.Prefix, StringComparison.Ordinal) || key.StartsWith(Admission.Prefix, StringComparison.Ordinal));
        return Step.Lost;
    }

    /// <summary>Not all that was decided fits one transaction: half of it is decided anew. What does not fit though it is alone is too large.</summary>
    private Step WithFewer(int decided, bool caughtUp)
    {
        if (decided == 0)
        {
            throw new InvalidOperationException("What is due does not fit one transaction.");
        }

        if (decided == 1 && !caughtUp)
        {
            pending[0].IsTooLarge = true;
        }
        else
        {
            _most = decided / 2;
        }

        return Step.Again;
    }

    private Task<CommitResult> SendAsync(Commit commit, UnitOfWork unit, int decided, int rows)
    {
        if (ports.Watch is not { } watch)
        {
            return commit.RunAsync();
        }

        var spans = pending.GetRange(0, decided).ConvertAll(one => one.Span);
        return new WatchedCommit(commit, watch, new CommitStart(unit, decided, rows, spans), pending[0].Context).RunAsync();
    }

    private async Task IndexAsync(UnitOfWork unit)
    {
        var entries = DueIndexEntry.Of(unit).Where(entry => !queue.Knows(entry)).Distinct().ToList();
        await Task.WhenAll(entries.Select(entry => DueIndex.PutAsync(ports.Store, entry, [queue.WorkspaceId], default))).ConfigureAwait(false);
        entries.ForEach(queue.Remember);
    }
}
