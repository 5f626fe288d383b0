using Billing.Webhooks;

namespace Billing.Accounts;

/// <summary>How credits come to an account, and how they end.</summary>
internal static class Crediting
{
    /// <summary>Adds credits as a new grant. A debt is repaid from it first, by an entry of its own.</summary>
    /// <returns>The entry that granted it.</returns>
    public static LedgerEntry Credit(this Draft draft, GrantKind kind, DateTimeOffset? expiresAt, LedgerLine line)
    {
        var grant = new Grant(draft.Account.Entries + 1, kind, line.Amount, expiresAt);
        draft.Account = draft.Account with { Grants = draft.Account.Grants.Add(grant) };
        var entry = draft.Post(line);

        var repaid = Credits.Min(draft.Account.Debt, grant.Left);
        if (repaid > Credits.Zero)
        {
            draft.Account = draft.Account with { Grants = draft.Account.Grants.Take(grant, repaid) };
            draft.RepayDebt(repaid, line.At);
        }

        Alerts.Rearm(draft);
        return entry;
    }

    /// <summary>Lowers the debt by credits that were just taken from the grants, and says so in the ledger, at the instant they came (null: now).</summary>
    public static void RepayDebt(this Draft draft, Credits repaid, DateTimeOffset? at = null)
    {
        draft.Account = draft.Account with { Debt = draft.Account.Debt - repaid };
        draft.Post(new LedgerLine(EntryType.Adjustment, -repaid, "Debt of a reversed top-up repaid") { At = at });
    }

    /// <summary>Ends what is left of a grant.</summary>
    public static void End(this Draft draft, Grant grant, DateTimeOffset at)
    {
        draft.Account = draft.Account with { Grants = draft.Account.Grants.Take(grant, grant.Left) };
        draft.Post(new LedgerLine(EntryType.RenewalExpiry, -grant.Left, grant.Kind == GrantKind.Plan ? "Unused plan credits expired" : "Bonus credits expired")
        {
            At = at,
        });
    }

    /// <summary>A refusal when no further grant fits the account.</summary>
    public static Refusal? RoomForGrant(this Draft draft) => draft.Account.Grants.Count < BurnDown.MaxGrants
        ? null
        : Refusal.Conflict($"The workspace holds {BurnDown.MaxGrants} grants with credits left; no more can be added.");
}
