using System.Diagnostics.CodeAnalysis;
using Billing.Engine.Due;
using Billing.Engine.Rows;
using Billing.RateLimits;

namespace Billing.Engine.Committing;

/// <summary>What this process knows of one workspace, and who waits for it. Only one batch at a time works on it.</summary>
internal sealed class WorkspaceQueue(string workspaceId)
{
    private const int MostWaiting = 4_096;
    private const int MostEntries = 64;
    private const int MostRates = 128;
    private const int CommitsInARow = 16;
    private const int PausesWhenContended = 64;
    private readonly LinkedList<PendingWork> _waiting = new();
    private readonly Dictionary<string, HeldRate> _rates = [];
    private readonly HashSet<DueIndexEntry> _entries = [];
    private bool _busy;
    private bool _retired;
    private int _inARow;
    private int _pauses;
    private long _enteredLast;

    public string WorkspaceId => workspaceId;

    /// <summary>The account as last read or written; null when it must be read.</summary>
    public StoredWorkspace? Held { get; private set; }

    /// <summary>When it was read or written, by this process's clock.</summary>
    public DateTimeOffset HeldAt { get; private set; }

    /// <param name="number">A number that grows from one entry to the next.</param>
    public Entry Enter(PendingWork work, long number)
    {
        lock (_waiting)
        {
            if (_retired)
            {
                return Entry.Retired;
            }

            if (_waiting.Count >= MostWaiting)
            {
                return Entry.Full;
            }

            _enteredLast = number;
            _waiting.AddLast(work);
            var first = !_busy;
            _busy = true;
            return first ? Entry.Drains : Entry.Waits;
        }
    }

    /// <summary>Takes those who wait; an empty list means that nobody works on the queue.</summary>
    /// <param name="mostReaders">How many of those that read rows of their own.</param>
    /// <param name="mostRows">How many rows those write that write many: what would not find room is not read for in vain.</param>
    public List<PendingWork> Take(int most, int mostReaders, int mostRows)
    {
        lock (_waiting)
        {
            var taken = new List<PendingWork>(Math.Min(most, _waiting.Count));
            while (taken.Count < most && _waiting.First is { } first)
            {
                var work = first.Value.Work;
                mostRows -= work.MostRows > Work.FewRows ? work.MostRows : 0;
                if ((!work.Reads.IsEmpty && mostReaders-- == 0) || (mostRows < 0 && taken.Count > 0))
                {
                    break;
                }

                taken.Add(first.Value);
                _waiting.RemoveFirst();
            }

            _busy = taken.Count > 0;
            _inARow = _busy ? _inARow + 1 : 0;
            return taken;
        }
    }

    public void PutBack(List<PendingWork> pending)
    {
        lock (_waiting)
        {
            for (var i = pending.Count - 1; i >= 0; i--)
            {
                _waiting.AddFirst(pending[i]);
            }
        }
    }

    public void Contend() => _pauses = PausesWhenContended;

    /// <summary>
    /// True when another process is to be given a turn. It needs longer than this one, which knows the account, while it has to read: without a pause now
    /// and then it would never come between two commits.
    /// </summary>
    public bool IsToPause() => _pauses > 0 ? _pauses-- > 0 : _inARow % CommitsInARow == CommitsInARow - 1;

    /// <summary>Takes the queue out of use if nobody uses it and nobody has entered it since <paramref name="number"/>.</summary>
    public bool TryRetire(long number)
    {
        lock (_waiting)
        {
            _retired = !_busy && _enteredLast <= number;
            return _retired;
        }
    }

    public void Hold(StoredWorkspace? account, DateTimeOffset at)
    {
        Held = account;
        HeldAt = at;
    }

    /// <summary>A rate window as last read or written; false when it must be read.</summary>
    public bool TryRate(string rowKey, [NotNullWhen(true)] out HeldRate? rate) => _rates.TryGetValue(rowKey, out rate);

    public void HoldRate(string rowKey, HeldRate rate)
    {
        if (_rates.Count >= MostRates)
        {
            _rates.Clear();
        }

        _rates[rowKey] = rate;
    }

    /// <summary>True when this process knows that the entry is stored.</summary>
    public bool Knows(DueIndexEntry entry) => _entries.Contains(entry);

    public void Remember(DueIndexEntry entry)
    {
        if (_entries.Count >= MostEntries)
        {
            _entries.Clear();
        }

        _entries.Add(entry);
    }

    public void Forget()
    {
        Held = null;
        _rates.Clear();
    }
}

internal enum Entry
{
    Waits,

    /// <summary>It waits, and the caller has to see that the queue is drained.</summary>
    Drains,

    Full,

    /// <summary>The queue is out of use; there is or will be another.</summary>
    Retired,
}

/// <summary>A rate window as last read or written.</summary>
/// <param name="ETag">Version of its row; null when there is no row yet.</param>
internal sealed record HeldRate(RateWindow Window, string? ETag);
