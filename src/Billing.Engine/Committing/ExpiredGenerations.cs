using System.Collections.Immutable;
using Billing.Catalogs;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Generations;
using Billing.Workspaces;

namespace Billing.Engine.Committing;

/// <summary>The running generations of a workspace that nobody settled in time, as many as one commit settles.</summary>
/// <param name="Sweep">Where the search goes on; null when it is over.</param>
/// <param name="NextExpiryAt">When it is over: no other running generation expires before this; null when none runs.</param>
internal sealed record ExpiredGenerations(ImmutableArray<Admission> Admissions, ImmutableArray<string> Ids, ExpirySweep? Sweep, DateTimeOffset? NextExpiryAt)
{
    // Each settles into at most three rows.
    private const int MostSettled = 12;
    private const int MostCharacters = 256 * 1024;
    private const int PageSize = 250;
    private const int MostRead = 4 * PageSize;

    /// <summary>Finds them among what may be running, never among what is settled. Reads nothing until the account says that one may have expired.</summary>
    /// <returns>Null when nothing can have expired.</returns>
    public static async Task<ExpiredGenerations?> FindAsync(ITableStore store, Workspace workspace, Catalog catalog, DateTimeOffset now)
    {
        if (workspace.NextExpiryAt is not { } next || next > now)
        {
            return null;
        }

        var all = KeyRange.StartingWith(Admission.RunningPrefix);
        var sweep = workspace.ExpirySweep ?? new ExpirySweep(all.From, null);
        var search = new Search(now, ShortestOf(workspace, catalog), sweep);
        var read = 0;
        var rows = store.RowsAsync(new Partition(Table.Ledger, workspace.WorkspaceId), all with { From = sweep.From }, default, PageSize);
        await foreach (var row in rows.Take(MostRead).ConfigureAwait(false))
        {
            read++;
            if (search.Look(row) is { } found)
            {
                return found;
            }
        }

        return read < MostRead ? search.Over() : search.GoesOn();
    }

    /// <summary>Notes that they were settled.</summary>
    /// <returns>True when the search is over.</returns>
    public bool Note(UnitOfWork unit)
    {
        var next = Sweep is null ? NextExpiryAt : unit.Workspace.NextExpiryAt;
        unit.Workspace = unit.Workspace with { ExpirySweep = Sweep, NextExpiryAt = next, ShortestRun = next is null ? null : unit.Workspace.ShortestRun };
        return Sweep is null;
    }

    // The catalog may give more time by now, or (another instance's) have given less in between.
    private static TimeSpan ShortestOf(Workspace workspace, Catalog catalog) =>
        workspace.ShortestRun is { } run && run < catalog.GenerationTimeToLive.TotalSeconds ? TimeSpan.FromSeconds(run) : catalog.GenerationTimeToLive;

    private sealed class Search(DateTimeOffset now, TimeSpan timeToLive, ExpirySweep sweep)
    {
        private readonly ImmutableArray<Admission>.Builder _admissions = ImmutableArray.CreateBuilder<Admission>();
        private readonly ImmutableArray<string>.Builder _ids = ImmutableArray.CreateBuilder<string>();
        private DateTimeOffset? _earliestAt = sweep.EarliestAt;
        private string _from = sweep.From;
        private int _characters;

        /// <returns>What was found, when this row is where it ends.</returns>
        public ExpiredGenerations? Look(Row row)
        {
            var admission = RowJson.Read<Admission>(row.Data);
            var expired = admission.Generations.Where(one => one.Runs && one.ExpiresAt <= now).Select(one => one.Id).ToList();
            if (expired.Count > 0)
            {
                if (_ids.Count > 0 && _characters + row.Data.Length > MostCharacters)
                {
                    return Found(new ExpirySweep(row.Key, _earliestAt), null);
                }

                var room = MostSettled - _ids.Count;
                _characters += row.Data.Length;
                _admissions.Add(admission);
                _ids.AddRange(expired.Take(room));
                if (expired.Count > room)
                {
                    return Found(new ExpirySweep(row.Key, _earliestAt), null);
                }
            }

            _from = row.Key + ' ';
            _earliestAt = Instants.Earliest(_earliestAt, admission.Generations.Where(one => one.Runs && one.ExpiresAt > now).Min(one => (DateTimeOffset?)one.ExpiresAt));
            var fullTimeAt = Billing.Ids.TimeOf(admission.Key) + timeToLive;

            // Keys are in order of admission: what comes after this one was admitted later, so it expires later than the shortest time to live from here.
            return fullTimeAt > now ? Found(null, Instants.Earliest(_earliestAt, fullTimeAt)) : null;
        }

        public ExpiredGenerations Over() => Found(null, _earliestAt);

        public ExpiredGenerations GoesOn() => Found(new ExpirySweep(_from, _earliestAt), null);

        private ExpiredGenerations Found(ExpirySweep? sweep, DateTimeOffset? nextExpiryAt) =>
            new(_admissions.ToImmutable(), _ids.ToImmutable(), sweep, nextExpiryAt);
    }
}
