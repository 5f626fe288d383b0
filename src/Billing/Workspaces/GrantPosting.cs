namespace Billing.Workspaces;

/// <summary>How credits come to an account, and how they end.</summary>
internal static class GrantPosting
{
    /// <summary>Adds credits as a new grant. A debt is repaid from it first, by an entry of its own.</summary>
    public static LedgerEntry Credit(this UnitOfWork unit, GrantKind kind, DateTimeOffset? expiresAt, LedgerLine line)
    {
        var grant = new Grant(unit.Workspace.Entries + 1, kind, line.Amount, expiresAt);
        unit.Workspace = unit.Workspace with { Grants = unit.Workspace.Grants.Add(grant) };
        var entry = unit.Post(line);

        var repaid = Credits.Min(unit.Workspace.Debt, grant.Left);
        if (repaid > Credits.Zero)
        {
            unit.Workspace = unit.Workspace with { Grants = unit.Workspace.Grants.Take(grant, repaid) };
            unit.RepayDebt(repaid, line.At);
        }

        Alerts.Rearm(unit);
        return entry;
    }

    /// <summary>Lowers the debt by credits that were just taken from the grants, and says so in the ledger, at the instant they came (null: now).</summary>
    public static void RepayDebt(this UnitOfWork unit, Credits repaid, DateTimeOffset? at = null)
    {
        unit.Workspace = unit.Workspace with { Debt = unit.Workspace.Debt - repaid };
        unit.Post(new LedgerLine(EntryType.Adjustment, -repaid, "Debt of a reversed top-up repaid") { At = at });
    }

    public static void End(this UnitOfWork unit, Grant grant, DateTimeOffset at)
    {
        unit.Workspace = unit.Workspace with { Grants = unit.Workspace.Grants.Take(grant, grant.Left) };
        unit.Post(new LedgerLine(EntryType.RenewalExpiry, -grant.Left, grant.Kind == GrantKind.Plan ? "Unused plan credits expired" : "Bonus credits expired")
        {
            At = at,
        });
    }

    public static Refusal? RoomForGrant(this UnitOfWork unit) => unit.Workspace.Grants.Count < BurnDown.MaxGrants
        ? null
        : Refusal.Conflict($"The workspace holds {BurnDown.MaxGrants} grants with credits left; no more can be added.");
}
