using System.Collections.Immutable;

namespace Billing.Workspaces;

/// <summary>A part of the ledger in which generations were admitted that still run.</summary>
/// <param name="First">Sequence of the oldest entry that admitted one.</param>
/// <param name="Last">Sequence of the newest.</param>
/// <param name="Running">How many still run.</param>
/// <param name="ExpiresAt">None of them expires before this.</param>
public sealed record RunningSpan(long First, long Last, int Running, DateTimeOffset ExpiresAt)
{
    public bool Holds(long entry) => First <= entry && entry <= Last;
}

/// <summary>
/// Where in the ledger the generations stand that run: what tells how many there are, when the next of them may expire and where it is found then.
/// It is bounded, whatever runs: where there would be too many spans, the two that are cheapest to search as one become one.
/// </summary>
public readonly record struct RunningSpans(ImmutableArray<RunningSpan> All)
{
    public const int Most = 16;

    // So many entries are looked through at most to find one that was never settled, as long as there is room for spans of their own.
    private const int MostEntries = 256;

    // A span is searched when the first in it may expire: the others should not be much later.
    private static readonly TimeSpan MostApart = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan MissingLookedForAfter = TimeSpan.FromDays(1);

    public static readonly RunningSpans None = new([]);

    public int Running => All.Sum(span => span.Running);

    /// <summary>None of them expires before this; null when none runs.</summary>
    public DateTimeOffset? NextExpiryAt => All.IsEmpty ? null : All.Min(span => span.ExpiresAt);

    /// <summary>The first span in which one may have expired.</summary>
    public RunningSpan? Due(DateTimeOffset now) => All.FirstOrDefault(span => span.ExpiresAt <= now);

    /// <summary>Generations begin to run.</summary>
    /// <param name="entry">Sequence of the ledger entry that admitted them: newer than any before.</param>
    public RunningSpans Begin(long entry, int generations, DateTimeOffset expiresAt)
    {
        if (All is [.., var last] && entry - last.First < MostEntries && (expiresAt - last.ExpiresAt).Duration() <= MostApart)
        {
            var earliest = expiresAt < last.ExpiresAt ? expiresAt : last.ExpiresAt;
            return new(All.SetItem(All.Length - 1, new RunningSpan(last.First, entry, last.Running + generations, earliest)));
        }

        return new RunningSpans(All.Add(new RunningSpan(entry, entry, generations, expiresAt))).Bounded();
    }

    /// <summary>One of them was settled.</summary>
    /// <param name="entry">Sequence of the ledger entry that admitted it.</param>
    public RunningSpans Settle(long entry)
    {
        for (var i = 0; i < All.Length; i++)
        {
            if (All[i].Holds(entry))
            {
                return new(All[i].Running > 1 ? All.SetItem(i, All[i] with { Running = All[i].Running - 1 }) : All.RemoveAt(i));
            }
        }

        // A state that is older than the row of the generation: nothing that is decided on it can be stored.
        return this;
    }

    /// <summary>A span was searched from its newest entry back, and what had expired there is settled.</summary>
    /// <param name="from">The oldest entry that was looked at.</param>
    /// <param name="running">How many run on there; null when those are all that the span has.</param>
    /// <param name="expiresAt">When the first of them expires; null when none runs.</param>
    /// <param name="now">When it was searched.</param>
    public RunningSpans Searched(long last, long from, int running, DateTimeOffset? expiresAt, DateTimeOffset now)
    {
        var place = IndexOf(last);
        if (place < 0)
        {
            return this;
        }

        var span = All[place];
        if (from <= span.First)
        {
            // Nothing is left to look at. What is still counted though it was not found has lost its row: the audit tells of it, and it is looked for once a day.
            return new(All.SetItem(place, span with { ExpiresAt = expiresAt ?? now + MissingLookedForAfter }));
        }

        var rest = new RunningSpan(span.First, from - 1, span.Running - running, span.ExpiresAt);
        var parts = running > 0 ? [rest, new RunningSpan(from, span.Last, running, expiresAt!.Value)] : new[] { rest };
        return new RunningSpans([.. All[..place], .. parts.Where(part => part.Running > 0), .. All[(place + 1)..]]).Bounded();
    }

    private int IndexOf(long last)
    {
        for (var i = 0; i < All.Length; i++)
        {
            if (All[i].Last == last)
            {
                return i;
            }
        }

        return -1;
    }

    private RunningSpans Bounded()
    {
        if (All.Length <= Most)
        {
            return this;
        }

        var cheapest = 0;
        for (var i = 1; i < All.Length - 1; i++)
        {
            if (Width(i) < Width(cheapest))
            {
                cheapest = i;
            }
        }

        var (older, newer) = (All[cheapest], All[cheapest + 1]);
        var merged = new RunningSpan(older.First, newer.Last, older.Running + newer.Running, older.ExpiresAt < newer.ExpiresAt ? older.ExpiresAt : newer.ExpiresAt);
        return new(All.RemoveAt(cheapest + 1).SetItem(cheapest, merged));
    }

    private long Width(int older) => All[older + 1].Last - All[older].First;
}
