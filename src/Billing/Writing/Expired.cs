using System.Collections.Immutable;
using Billing.Accounts;
using Billing.Catalogs;
using Billing.Generations;

namespace Billing.Writing;

/// <summary>The running generations of a workspace that nobody settled in time.</summary>
/// <param name="Admissions">Admissions with generations that have expired.</param>
/// <param name="NextExpiryAt">No other running generation expires before this; null when none runs.</param>
/// <param name="Looked">False when nothing could have expired and nothing was read.</param>
internal sealed record Expired(ImmutableArray<Admission> Admissions, DateTimeOffset? NextExpiryAt, bool Looked)
{
    private const int PageSize = 200;
    private const int MostPages = 20;
    private const int MostSettled = 12;

    /// <summary>Finds them among what may be running, never among what is settled. Reads nothing until the account says that one may have expired.</summary>
    public static async Task<Expired> FindAsync(ILedger ledger, Account account, Catalog catalog, DateTimeOffset now)
    {
        if (account.NextExpiryAt is not { } next || next > now)
        {
            return new Expired([], account.NextExpiryAt, Looked: false);
        }

        var partition = new Partition(Table.Ledger, account.WorkspaceId);
        var found = ImmutableArray.CreateBuilder<Admission>();
        DateTimeOffset? earliest = null;
        string? continuation = null;
        for (var page = 0; page < MostPages; page++)
        {
            var rows = await ledger.ListAsync(partition, KeyRange.StartingWith(Admission.RunningPrefix), PageSize, null, continuation, default).ConfigureAwait(false);
            foreach (var row in rows.Rows)
            {
                var admission = RowJson.Read<Admission>(row.Data);
                if (admission.NextExpiryAt <= now)
                {
                    found.Add(admission);
                }

                earliest = Earlier(earliest, admission.Generations.Where(one => one.Runs && one.ExpiresAt > now).Min(one => (DateTimeOffset?)one.ExpiresAt));
                if (found.Count > MostSettled || Ids.TimeOf(admission.Key) + catalog.GenerationTimeToLive > now)
                {
                    // Keys are in order of admission: what comes after this one was admitted later, so it expires later than its time to live from here.
                    return new Expired(found.ToImmutable(), Earlier(earliest, Ids.TimeOf(admission.Key) + catalog.GenerationTimeToLive), Looked: true);
                }
            }

            continuation = rows.Continuation;
            if (continuation is null)
            {
                return new Expired(found.ToImmutable(), earliest, Looked: true);
            }
        }

        return new Expired(found.ToImmutable(), now.AddMinutes(1), Looked: true);
    }

    /// <summary>Settles them, a bounded number in one commit.</summary>
    /// <returns>False when more are left.</returns>
    public bool Settle(Draft draft)
    {
        if (!Looked)
        {
            return true;
        }

        var settled = 0;
        foreach (var admission in Admissions)
        {
            foreach (var generation in admission.Generations.Where(one => one.Runs && one.ExpiresAt <= draft.Now))
            {
                if (settled++ == MostSettled)
                {
                    return false;
                }

                SettleDecisions.Expire(draft, generation.Id);
            }
        }

        draft.Account = draft.Account with { NextExpiryAt = NextExpiryAt };
        return true;
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? left, DateTimeOffset? right) => left is null || right < left ? right : left;
}
