using System.Collections.Immutable;
using Billing.Engine.Ports;
using Billing.Generations;
using Billing.Workspaces;

namespace Billing.Engine.Committing;

/// <summary>Generations that nobody settled in time, as many as one commit settles, found in one span of the ledger.</summary>
/// <param name="Admissions">Theirs.</param>
/// <param name="Ids">Theirs.</param>
/// <param name="From">The oldest entry that was looked at.</param>
/// <param name="Running">How many run on from there.</param>
/// <param name="ExpiresAt">When the first of those expires; null when none runs.</param>
internal sealed record ExpiredGenerations(RunningSpan Span, ImmutableArray<Admission> Admissions, ImmutableArray<string> Ids, long From, int Running, DateTimeOffset? ExpiresAt)
{
    // Of refunds and of the generations themselves: the largest batch finds room beside them.
    private const int MostRows = 40;

    // A row may be large by what its caller wrote. This much and one more row are well below a transaction's 4 MiB, whatever it grows to on the way.
    private const int MostBytes = 1024 * 1024;
    private const int MostLookedAt = 1_000;

    /// <summary>True when there may be more.</summary>
    public bool More { get; private init; }

    /// <summary>Finds them where the workspace says that one may have expired; reads nothing while it says that none has.</summary>
    public static async Task<ExpiredGenerations?> FindAsync(ITableStore store, Workspace workspace, DateTimeOffset now)
    {
        if (workspace.RunningSpans.Due(now) is not { } span)
        {
            return null;
        }

        var search = new Search(span, now);
        await foreach (var rows in AdmissionSearch.In(store, workspace, span, default).ConfigureAwait(false))
        {
            if (!search.GoesOnAfter(rows))
            {
                return search.Found(workspace.RunningSpans, isOver: search.HasAll);
            }
        }

        return search.Found(workspace.RunningSpans, isOver: true);
    }

    /// <summary>Notes what was found, once what had expired is settled.</summary>
    /// <returns>True when there is no more.</returns>
    public bool Note(UnitOfWork unit)
    {
        unit.Workspace = unit.Workspace with { RunningSpans = unit.Workspace.RunningSpans.Searched(Span.Last, From, Running, ExpiresAt, unit.Now) };
        return !More;
    }

    private sealed class Search(RunningSpan span, DateTimeOffset now)
    {
        private readonly ImmutableArray<Admission>.Builder _admissions = ImmutableArray.CreateBuilder<Admission>();
        private readonly ImmutableArray<string>.Builder _ids = ImmutableArray.CreateBuilder<string>();
        private long _from = span.Last + 1;
        private int _running;
        private int _looked;
        private int _bytes;
        private DateTimeOffset? _expiresAt;

        /// <summary>True when every one that runs was found.</summary>
        public bool HasAll => _ids.Count + _running == span.Running;

        /// <returns>False where the search ends.</returns>
        public bool GoesOnAfter(ImmutableArray<FoundAdmission> rows)
        {
            if (!rows.All(TryTake))
            {
                return false;
            }

            var runOn = rows.SelectMany(row => row.Admission.Generations).Where(one => one.Runs && one.ExpiresAt > now).ToList();
            _from = rows[0].Admission.Entry;
            _running += runOn.Count;
            _expiresAt = Instants.Earliest(_expiresAt, runOn.Min(one => (DateTimeOffset?)one.ExpiresAt));
            return !HasAll && (_looked += rows.Length) < MostLookedAt;
        }

        /// <summary>Takes what has expired in a row.</summary>
        /// <returns>False when there is no room for all of it.</returns>
        private bool TryTake(FoundAdmission row)
        {
            var expired = row.Admission.Generations.Where(one => one.Runs && one.ExpiresAt <= now).Select(one => one.Id).ToList();
            if (expired.Count == 0)
            {
                return true;
            }

            var room = _bytes < MostBytes ? MostRows - _ids.Count - _admissions.Count - 1 : 0;
            if (room > 0)
            {
                _admissions.Add(row.Admission);
                _ids.AddRange(expired.Take(room));
                _bytes += row.Length;
            }

            return expired.Count <= room;
        }

        public ExpiredGenerations Found(RunningSpans spans, bool isOver) =>
            new(span, _admissions.ToImmutable(), _ids.ToImmutable(), isOver ? span.First : _from, _running, _expiresAt)
            {
                More = !isOver || spans.All.Count(one => one.ExpiresAt <= now) > 1,
            };
    }
}
