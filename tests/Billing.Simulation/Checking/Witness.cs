using System.Collections.Immutable;
using Billing.Accounts;
using Billing.Simulation.Runs;
using Billing.Simulation.Storage;

namespace Billing.Simulation.Checking;

/// <summary>
/// Sees every transaction at the moment it is stored, and proves each against the one before it: what may change, what never may, and that the account
/// row is the fold of the rows beside it.
/// </summary>
internal sealed class Witness(World world)
{
    private readonly Dictionary<string, List<Account>> _histories = [];

    /// <summary>How many transactions were stored.</summary>
    public long Commits { get; private set; }

    /// <summary>Every version of an account, the first at 0.</summary>
    public IReadOnlyList<Account> HistoryOf(string workspaceId) => _histories.GetValueOrDefault(workspaceId) ?? [];

    /// <summary>An account as it is stored now.</summary>
    public Account Stored(string workspaceId) => AccountRows.LoadAsync(new DirectLedger(world.Tables), workspaceId, null, default).GetAwaiter().GetResult()!.Account;

    public void OnStored(Partition partition, ImmutableArray<RowWrite> writes, ImmutableArray<Row?> before)
    {
        Commits++;
        if (partition.Table != Table.Ledger)
        {
            return;
        }

        var changes = new RowChanges(world);
        for (var i = 0; i < writes.Length; i++)
        {
            changes.Look(writes[i], before[i]);
        }

        if (!changes.WritesAccount)
        {
            world.Require(!changes.Guarded, "What the account tells of changes with the account", () => $"{partition.Key}: {string.Join(' ', writes.Select(write => write.Row.Key))}");
            return;
        }

        var account = Stored(partition.Key);
        if (!_histories.TryGetValue(partition.Key, out var history))
        {
            _histories.Add(partition.Key, history = []);
        }

        new AccountStep(world, history.Count == 0 ? null : history[^1], account, changes).Prove();
        var row = world.Tables.Read(partition, Account.RowKey)!;
        world.Require(row.Data.Length * 2 <= 16 * 1024, "The account row stays under 16 KiB", () => $"{row.Data.Length} characters");
        history.Add(account);
    }
}
