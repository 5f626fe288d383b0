namespace Billing.Workspaces;

/// <summary>How credits come to an account, and how they end.</summary>
internal static class GrantPosting
{
    /// <summary>Adds credits as a new grant.</summary>
    /// <param name="paid">What was paid for all of it.</param>
    public static LedgerEntry Credit(this UnitOfWork unit, GrantKind kind, DateTimeOffset? expiresAt, LedgerLine line, Money? paid = null)
    {
        var grant = new Grant(unit.Workspace.Entries + 1, kind, line.Amount, expiresAt, Basis.Of(paid, line.Amount));
        return unit.Credit(unit.Workspace.Grants.Add(grant), line with { Draws = [grant.Draw(line.Amount)] });
    }

    /// <summary>Credits that came, whether anew or back to grants that were there. A debt is repaid from them first.</summary>
    public static LedgerEntry Credit(this UnitOfWork unit, BurnDown grants, LedgerLine line)
    {
        unit.Workspace = unit.Workspace with { Grants = grants };
        var entry = unit.Post(line);
        unit.RepayDebt(line.At);
        Alerts.Rearm(unit);
        return entry;
    }

    /// <summary>Repays the debt from whatever is free, by an entry of its own at the instant of what made it possible (null: now): while there is debt, nothing is free.</summary>
    public static void RepayDebt(this UnitOfWork unit, DateTimeOffset? at = null)
    {
        var repaid = Credits.Min(unit.Workspace.Debt, unit.Workspace.Balance);
        if (repaid == Credits.Zero)
        {
            return;
        }

        var (left, draws) = unit.Workspace.Grants.Spend(repaid);
        unit.Workspace = unit.Workspace with { Grants = left, Debt = unit.Workspace.Debt - repaid };
        unit.Post(new LedgerLine(EntryType.Adjustment, -repaid, "Debt of a reversed top-up repaid") { At = at, Draws = draws });
    }

    public static void End(this UnitOfWork unit, Grant grant, DateTimeOffset at)
    {
        unit.Workspace = unit.Workspace with { Grants = unit.Workspace.Grants.Take(grant, grant.Left) };
        unit.Post(new LedgerLine(EntryType.RenewalExpiry, -grant.Left, grant.Kind == GrantKind.Plan ? "Unused plan credits expired" : "Bonus credits expired")
        {
            At = at,
            Draws = [grant.Draw(grant.Left)],
        });
    }

    public static Refusal? RoomForGrant(this UnitOfWork unit) => unit.Workspace.Grants.Count < BurnDown.MaxGrants
        ? null
        : Refusal.Conflict($"The workspace holds {BurnDown.MaxGrants} grants with credits left; no more can be added.");
}
