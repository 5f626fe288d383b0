using System.Diagnostics.CodeAnalysis;
using Billing.Accounts;
using Billing.RateLimits;

namespace Billing.Writing;

/// <summary>What this process knows of one workspace, and who waits for it. Only one round at a time works on it.</summary>
internal sealed class Lane(string workspaceId)
{
    private const int MostWaiting = 4_096;
    private const int MostLinks = 64;
    private const int MostRates = 128;
    private const int CommitsInARow = 16;
    private const int PausesWhenContended = 64;
    private readonly LinkedList<Rider> _waiting = new();
    private readonly Dictionary<string, HeldRate> _rates = [];
    private readonly HashSet<DueLink> _links = [];
    private bool _busy;
    private bool _retired;
    private int _inARow;
    private int _pauses;
    private long _enteredLast;

    public string WorkspaceId => workspaceId;

    /// <summary>The account as last read or written; null when it must be read.</summary>
    public StoredAccount? Held { get; private set; }

    /// <summary>When it was read or written, by this process's clock.</summary>
    public DateTimeOffset HeldAt { get; private set; }

    /// <summary>Queues a rider.</summary>
    /// <param name="rider">Who.</param>
    /// <param name="number">A number that grows from one entry to the next.</param>
    public Entry Enter(Rider rider, long number)
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
            _waiting.AddLast(rider);
            var first = !_busy;
            _busy = true;
            return first ? Entry.Drains : Entry.Waits;
        }
    }

    /// <summary>Takes those who wait; an empty list means that the lane is at rest.</summary>
    /// <param name="most">How many.</param>
    /// <param name="mostReaders">How many of those that read rows of their own.</param>
    public List<Rider> Take(int most, int mostReaders)
    {
        lock (_waiting)
        {
            var taken = new List<Rider>(Math.Min(most, _waiting.Count));
            while (taken.Count < most && _waiting.First is { } first)
            {
                if (!first.Value.Reads.IsEmpty && mostReaders-- == 0)
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

    /// <summary>Puts riders back in front, for the next round.</summary>
    public void PutBack(List<Rider> riders)
    {
        lock (_waiting)
        {
            for (var i = riders.Count - 1; i >= 0; i--)
            {
                _waiting.AddFirst(riders[i]);
            }
        }
    }

    /// <summary>Remembers that another process writes here, too.</summary>
    public void Contend() => _pauses = PausesWhenContended;

    /// <summary>
    /// True when another process is to be given a turn. It needs longer than this one, which knows the account, while it has to read: without a pause now
    /// and then it would never come between two commits.
    /// </summary>
    public bool IsToPause() => _pauses > 0 ? _pauses-- > 0 : _inARow % CommitsInARow == CommitsInARow - 1;

    /// <summary>Takes the lane out of use if nobody uses it and nobody has entered it since <paramref name="number"/>.</summary>
    public bool TryRetire(long number)
    {
        lock (_waiting)
        {
            _retired = !_busy && _enteredLast <= number;
            return _retired;
        }
    }

    /// <summary>Remembers the account as read or written just now.</summary>
    public void Hold(StoredAccount? account, DateTimeOffset at)
    {
        Held = account;
        HeldAt = at;
    }

    /// <summary>A rate window as last read or written; false when it must be read.</summary>
    public bool TryRate(string rowKey, [NotNullWhen(true)] out HeldRate? rate) => _rates.TryGetValue(rowKey, out rate);

    /// <summary>Remembers a rate window as read or written just now.</summary>
    public void HoldRate(string rowKey, HeldRate rate)
    {
        if (_rates.Count >= MostRates)
        {
            _rates.Clear();
        }

        _rates[rowKey] = rate;
    }

    /// <summary>True when this process knows that the link is stored.</summary>
    public bool Knows(DueLink link) => _links.Contains(link);

    /// <summary>Remembers that a link is stored.</summary>
    public void Remember(DueLink link)
    {
        if (_links.Count >= MostLinks)
        {
            _links.Clear();
        }

        _links.Add(link);
    }

    /// <summary>Forgets all that another instance may have changed.</summary>
    public void Forget()
    {
        Held = null;
        _rates.Clear();
    }
}

/// <summary>What became of a rider at a lane.</summary>
internal enum Entry
{
    /// <summary>It waits; somebody is at work.</summary>
    Waits,

    /// <summary>It waits, and the caller has to see that the lane is drained.</summary>
    Drains,

    /// <summary>Too many wait already.</summary>
    Full,

    /// <summary>The lane is out of use; there is or will be another.</summary>
    Retired,
}

/// <summary>A rate window as last read or written.</summary>
/// <param name="Window">The window.</param>
/// <param name="ETag">Version of its row; null when there is no row yet.</param>
internal sealed record HeldRate(RateWindow Window, string? ETag);
