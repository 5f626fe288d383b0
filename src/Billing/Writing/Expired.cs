using System.Collections.Immutable;
using Billing.Accounts;
using Billing.Catalogs;
using Billing.Generations;

namespace Billing.Writing;

/// <summary>The running generations of a workspace that nobody settled in time, as many as one commit settles.</summary>
/// <param name="Admissions">The admissions they belong to.</param>
/// <param name="Ids">The generations.</param>
/// <param name="Sweep">Where the search goes on; null when it is over.</param>
/// <param name="NextExpiryAt">When it is over: no other running generation expires before this; null when none runs.</param>
internal sealed record Expired(ImmutableArray<Admission> Admissions, ImmutableArray<string> Ids, ExpirySweep? Sweep, DateTimeOffset? NextExpiryAt)
{
    // Each settles into at most three rows.
    private const int MostSettled = 12;
    private const int MostCharacters = 256 * 1024;
    private const int PageSize = 250;
    private const int MostPages = 4;

    /// <summary>Finds them among what may be running, never among what is settled. Reads nothing until the account says that one may have expired.</summary>
    /// <returns>Null when nothing can have expired.</returns>
    public static async Task<Expired?> FindAsync(ILedger ledger, Account account, Catalog catalog, DateTimeOffset now)
    {
        if (account.NextExpiryAt is not { } next || next > now)
        {
            return null;
        }

        var all = KeyRange.StartingWith(Admission.RunningPrefix);
        var sweep = account.ExpirySweep ?? new ExpirySweep(all.From, null);
        var search = new Search(now, catalog.GenerationTimeToLive, sweep);
        string? continuation = null;
        for (var page = 0; page < MostPages; page++)
        {
            var rows = await ledger.ListAsync(
                new Partition(Table.Ledger, account.WorkspaceId), all with { From = sweep.From }, PageSize, null, continuation, default).ConfigureAwait(false);
            foreach (var row in rows.Rows)
            {
                if (search.Look(row) is { } found)
                {
                    return found;
                }
            }

            continuation = rows.Continuation;
            if (continuation is null)
            {
                return search.Over();
            }
        }

        return search.GoesOn();
    }

    /// <summary>Settles them.</summary>
    /// <returns>False when more may be left.</returns>
    public bool Settle(Draft draft)
    {
        foreach (var id in Ids)
        {
            SettleDecisions.Expire(draft, id);
        }

        draft.Account = draft.Account with { ExpirySweep = Sweep, NextExpiryAt = Sweep is null ? NextExpiryAt : draft.Account.NextExpiryAt };
        return Sweep is null;
    }

    /// <summary>One look through running admissions, in order of admission.</summary>
    private sealed class Search(DateTimeOffset now, TimeSpan timeToLive, ExpirySweep sweep)
    {
        private readonly ImmutableArray<Admission>.Builder _admissions = ImmutableArray.CreateBuilder<Admission>();
        private readonly ImmutableArray<string>.Builder _ids = ImmutableArray.CreateBuilder<string>();
        private DateTimeOffset? _earliestAt = sweep.EarliestAt;
        private string _from = sweep.From;
        private int _characters;

        /// <returns>What was found, when this row is where it ends.</returns>
        public Expired? Look(Row row)
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
            _earliestAt = Earlier(_earliestAt, admission.Generations.Where(one => one.Runs && one.ExpiresAt > now).Min(one => (DateTimeOffset?)one.ExpiresAt));
            var fullTimeAt = Billing.Ids.TimeOf(admission.Key) + timeToLive;

            // Keys are in order of admission: what comes after this one was admitted later, so it expires later than its time to live from here.
            return fullTimeAt > now ? Found(null, Earlier(_earliestAt, fullTimeAt)) : null;
        }

        public Expired Over() => Found(null, _earliestAt);

        public Expired GoesOn() => Found(new ExpirySweep(_from, _earliestAt), null);

        private Expired Found(ExpirySweep? sweep, DateTimeOffset? nextExpiryAt) =>
            new(_admissions.ToImmutable(), _ids.ToImmutable(), sweep, nextExpiryAt);
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? left, DateTimeOffset? right) => left is null || right < left ? right : left;
}
