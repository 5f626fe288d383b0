using Billing.Workspaces;

namespace Billing.Audits;

/// <summary>Walks a ledger from its newest entry back, and notes what does not fit.</summary>
public sealed class LedgerReplay
{
    private readonly Workspace _workspace;
    private readonly GrantReplay _grants;
    private readonly List<string> _differences = [];
    private readonly Dictionary<EntryType, long> _byType = [];
    private string _hash;
    private long _sequence;
    private Credits _balance;

    public LedgerReplay(Workspace workspace)
    {
        (_workspace, _hash, _sequence, _balance) = (workspace, workspace.Head, workspace.Entries, workspace.Balance);
        _grants = new GrantReplay(workspace, Note);
    }

    public long Entries { get; private set; }

    public Credits Sum { get; private set; }

    public IReadOnlyList<string> Differences => _differences;

    public void Note(string difference) => _differences.Add(difference);

    public void Take(LedgerEntry entry)
    {
        if (entry.Sequence != _sequence)
        {
            Note($"Entry {_sequence} is missing; {entry.Sequence} follows.");
        }

        if (entry.Hash() != _hash)
        {
            Note($"Entry {entry.Sequence} ({entry.IdIn(_workspace.WorkspaceId)}) is not as it was written, or what follows it is not.");
        }

        if (entry.BalanceAfter != _balance)
        {
            Note($"After entry {entry.Sequence} ({entry.IdIn(_workspace.WorkspaceId)}) {entry.BalanceAfter} credits were left; what follows says {_balance}.");
        }

        _grants.Take(entry);
        Entries++;
        Sum += entry.Amount;
        _byType[entry.Type] = _byType.GetValueOrDefault(entry.Type) + 1;
        (_hash, _sequence, _balance) = (entry.Previous, entry.Sequence - 1, entry.BalanceAfter - entry.Amount);
    }

    public void End()
    {
        if (_sequence != 0)
        {
            Note($"Entries 1 to {_sequence} are missing.");
        }
        else
        {
            if (_hash.Length > 0 || _balance != Credits.Zero)
            {
                Note("The first entry does not begin the ledger.");
            }

            _grants.End();
        }

        if (Sum != _workspace.Balance)
        {
            Note($"The entries add up to {Sum} credits; the account has {_workspace.Balance}.");
        }

        foreach (var (type, count) in _workspace.EntriesByType.Where(pair => pair.Value != _byType.GetValueOrDefault(pair.Key)))
        {
            Note($"The account counts {count} entries of type {type}; there are {_byType.GetValueOrDefault(type)}.");
        }
    }
}
