using Billing.Accounts;
using Billing.RateLimits;

namespace Billing.Writing;

/// <summary>What this process knows of one workspace, and who waits for it. Only one round at a time works on it.</summary>
internal sealed class Lane(string workspaceId)
{
    private const int MostRemembered = 64;
    private readonly LinkedList<Rider> _waiting = new();
    private readonly Dictionary<string, HeldRate> _rates = [];
    private readonly HashSet<DueLink> _links = [];
    private bool _busy;

    public string WorkspaceId => workspaceId;

    /// <summary>The account as last read or written; null when it must be read.</summary>
    public StoredAccount? Held { get; set; }

    /// <summary>When it was last used.</summary>
    public long UsedAt { get; private set; }

    public IReadOnlyDictionary<string, HeldRate> Rates => _rates;

    /// <summary>Queues a rider.</summary>
    /// <returns>True when the caller has to drain the lane.</returns>
    public bool Enter(Rider rider, long now)
    {
        lock (_waiting)
        {
            UsedAt = now;
            _waiting.AddLast(rider);
            var first = !_busy;
            _busy = true;
            return first;
        }
    }

    /// <summary>Takes those who wait; an empty list means that the lane is at rest.</summary>
    public List<Rider> Take(int most)
    {
        lock (_waiting)
        {
            var taken = new List<Rider>(Math.Min(most, _waiting.Count));
            while (taken.Count < most && _waiting.First is { } first)
            {
                taken.Add(first.Value);
                _waiting.RemoveFirst();
            }

            _busy = taken.Count > 0;
            return taken;
        }
    }

    /// <summary>Puts riders back in front, for the next round.</summary>
    public void PutBack(IEnumerable<Rider> riders)
    {
        lock (_waiting)
        {
            foreach (var rider in riders.Reverse())
            {
                _waiting.AddFirst(rider);
            }
        }
    }

    /// <summary>True when nobody uses the lane and nobody has since <paramref name="time"/>.</summary>
    public bool IsIdleSince(long time)
    {
        lock (_waiting)
        {
            return !_busy && UsedAt <= time;
        }
    }

    public void HoldRate(string rowKey, HeldRate rate)
    {
        if (_rates.Count >= MostRemembered)
        {
            _rates.Clear();
        }

        _rates[rowKey] = rate;
    }

    public void ForgetRates() => _rates.Clear();

    /// <summary>True when this process knows that the link is stored.</summary>
    public bool Knows(DueLink link) => _links.Contains(link);

    public void Remember(DueLink link)
    {
        if (_links.Count >= MostRemembered)
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

/// <summary>A rate window as last read or written.</summary>
/// <param name="Window">The window.</param>
/// <param name="ETag">Version of its row; null when there is no row yet.</param>
internal sealed record HeldRate(RateWindow Window, string? ETag);
