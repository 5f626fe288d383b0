using System.Collections.Immutable;
using Billing.Audits;
using Billing.Engine.Committing;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Workspaces;

namespace Billing.Engine.Audits;

/// <param name="Balance">What the account says is left.</param>
/// <param name="Running">Generations that hold a slot, by their rows; null when the account changed while they were counted.</param>
/// <param name="Differences">One sentence for each thing that does not fit; empty when all does.</param>
public sealed record AuditReport(string WorkspaceId, long Entries, Credits LedgerBalance, Credits Balance, int? Running, ImmutableArray<string> Differences)
{
    /// <summary>The account that was compared.</summary>
    public required Workspace Workspace { get; init; }
}

/// <summary>Replays a workspace's ledger and compares it with its account. Entries are never changed, so a walk back from the account's newest one is not torn by what is written meanwhile.</summary>
public sealed class Audit(ITableStore store)
{
    private const int MostDifferences = 100;

    public async Task<AuditReport?> RunAsync(string workspaceId, CancellationToken cancellation)
    {
        if (await WorkspaceRows.LoadAsync(store, workspaceId, null, cancellation).ConfigureAwait(false) is not { } stored)
        {
            return null;
        }

        var replay = new LedgerReplay(stored.Workspace);
        var partition = new Partition(Table.Ledger, workspaceId);
        await foreach (var entry in LedgerPages.EntriesAsync(store, partition, 1, stored.Workspace.Entries, TransactionRules.MaxPage, cancellation).ConfigureAwait(false))
        {
            replay.Take(entry);
        }

        replay.End();
        var running = 0;
        foreach (var span in stored.Workspace.RunningSpans.All)
        {
            running += await AdmissionSearch.In(store, stored.Workspace, span, cancellation).Select(Slots).SumAsync(cancellation).ConfigureAwait(false);
        }

        var again = await store.ReadAsync(partition, Workspace.RowKey, cancellation).ConfigureAwait(false);
        var still = again?.ETag == stored.ETag;
        if (still && running != stored.Workspace.Running)
        {
            replay.Note($"The account counts {stored.Workspace.Running} running generations; {running} hold a slot.");
        }

        return new AuditReport(
            workspaceId, replay.Entries, replay.Sum, stored.Workspace.Balance, still ? running : null, [.. replay.Differences.Take(MostDifferences)])
        { Workspace = stored.Workspace };
    }

    private static int Slots(ImmutableArray<FoundAdmission> rows) => rows.Sum(row => row.Admission.Generations.Count(generation => generation.Runs));
}
