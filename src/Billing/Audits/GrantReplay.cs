using Billing.Workspaces;

namespace Billing.Audits;

/// <summary>
/// Takes the entries' draws back from the account's grants, newest first: each grant must come to nothing at the entry that opened it, and be of one kind, end and
/// cost all the way. It holds only grants that were opened before the entry it has come to, and used after.
/// </summary>
internal sealed class GrantReplay(Workspace workspace, Action<string> note)
{
    private readonly Dictionary<long, Grant> _grants = workspace.Grants.All.ToDictionary(grant => grant.Id);

    public void Take(LedgerEntry entry)
    {
        var drawn = (entry.Draws ?? []).Aggregate(Credits.Zero, (sum, draw) => sum + draw.Amount);
        var added = entry.Amount > Credits.Zero;
        if (drawn != (added ? entry.Amount : -entry.Amount))
        {
            note($"Entry {entry.Sequence} ({entry.IdIn(workspace.WorkspaceId)}) is of {entry.Amount} credits; its grants moved by {drawn}.");
        }

        foreach (var draw in entry.Draws ?? [])
        {
            Take(draw, added ? -draw.Amount : draw.Amount);
        }

        if (_grants.Remove(entry.Sequence, out var opened) && opened.Left != Credits.Zero)
        {
            note($"Grant {opened.Id} would have begun with {opened.Left} credits.");
        }
    }

    public void End()
    {
        foreach (var grant in _grants.Values)
        {
            note($"Grant {grant.Id} was never opened.");
        }
    }

    private void Take(Draw draw, Credits back)
    {
        var grant = _grants.GetValueOrDefault(draw.GrantId) ?? draw.Grant with { Left = Credits.Zero };
        var before = grant with { Left = grant.Left + back };
        if (draw.Grant with { Left = before.Left } != before)
        {
            note($"A draw of grant {grant.Id} is of {draw.Grant with { Left = before.Left }}; the grant is {before}.");
        }

        if (before.Left < Credits.Zero)
        {
            note($"Grant {grant.Id} would have held {before.Left} credits.");
        }

        _grants[grant.Id] = before;
    }
}
