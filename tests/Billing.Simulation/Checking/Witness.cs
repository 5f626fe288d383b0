using System.Collections.Immutable;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Events;
using Billing.Simulation.Runs;
using Billing.Simulation.Storage;
using Billing.Workspaces;

namespace Billing.Simulation.Checking;

/// <summary>
/// Sees every transaction at the moment it is stored, and proves each against the one before it: what may change, what never may, and that the account
/// row is the fold of the rows beside it.
/// </summary>
internal sealed class Witness(World world)
{
    private readonly Dictionary<string, List<Workspace>> _histories = [];

    /// <summary>How many transactions were stored.</summary>
    public long Commits { get; private set; }

    /// <summary>Every version of an account, the first at 0.</summary>
    public IReadOnlyList<Workspace> HistoryOf(string workspaceId) => _histories.GetValueOrDefault(workspaceId) ?? [];

    /// <summary>An account as it is stored now.</summary>
    public Workspace Stored(string workspaceId) => WorkspaceRows.LoadAsync(new DirectTableStore(world.Tables), workspaceId, null, default).GetAwaiter().GetResult()!.Workspace;

    public void OnStored(Partition partition, ImmutableArray<RowWrite> writes, ImmutableArray<Row?> before)
    {
        Commits++;
        if (partition.Table == Table.Schedule)
        {
            ProveNothingIsLeft(partition, writes);
        }

        if (partition.Table != Table.Ledger)
        {
            return;
        }

        var changes = new RowChanges(world, partition.Key);
        for (var i = 0; i < writes.Length; i++)
        {
            changes.Look(writes[i], before[i]);
        }

        if (!changes.WritesAccount)
        {
            world.Require(!changes.Guarded, "What the account tells of changes with the account", () => $"{partition.Key}: {string.Join(' ', writes.Select(write => write.Row.Key))}");
            return;
        }

        var workspace = Stored(partition.Key);
        if (!_histories.TryGetValue(partition.Key, out var history))
        {
            _histories.Add(partition.Key, history = []);
        }

        new WorkspaceStep(world, history.Count == 0 ? null : history[^1], workspace, changes).Prove();
        var row = world.Tables.Read(partition, Workspace.RowKey)!;
        world.Require(row.Data.Length <= 8 * 1024, "The account row stays under 8 KiB", () => $"{row.Data.Length} bytes");
        history.Add(workspace);
    }

    /// <summary>A link to attempts goes when none is left that was due within its hour.</summary>
    private void ProveNothingIsLeft(Partition bucket, ImmutableArray<RowWrite> writes)
    {
        var entry = DueIndexEntry.Of(bucket);
        foreach (var write in writes.Where(write => entry.Job == Queues.Webhooks && write.Kind == WriteKind.Delete))
        {
            var left = world.Tables.Rows(new Partition(Table.Ledger, write.Row.Key), ScheduledAttempt.Prefix)
                .Select(row => RowJson.Read<ScheduledAttempt>(row.Data))
                .FirstOrDefault(note => DueIndexEntry.At(write.Row.Key, Queues.Webhooks, note.At ?? DateTimeOffset.MaxValue) == entry);
            world.Require(left is null, "The due index leads to whatever is due", () => $"{write.Row.Key}: the link of {left!.RowKey} goes");
        }
    }
}
