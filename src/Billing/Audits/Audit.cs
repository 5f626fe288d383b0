using System.Collections.Immutable;
using Billing.Accounts;
using Billing.Generations;

namespace Billing.Audits;

/// <summary>What an audit found.</summary>
/// <param name="WorkspaceId">Whose ledger it was.</param>
/// <param name="Entries">Ledger entries replayed.</param>
/// <param name="LedgerBalance">The sum of their amounts.</param>
/// <param name="Balance">What the account says is left.</param>
/// <param name="Running">Generations that hold a slot, by their rows; null when the account changed while they were counted.</param>
/// <param name="Differences">One sentence for each thing that does not fit; empty when all does.</param>
public sealed record AuditReport(string WorkspaceId, long Entries, Credits LedgerBalance, Credits Balance, int? Running, ImmutableArray<string> Differences);

/// <summary>Replays a workspace's ledger and compares it with its account. Entries are never changed, so a walk back from the account's newest one is not torn by what is written meanwhile.</summary>
public sealed class Audit(ILedger ledger)
{
    private const int PageSize = 1_000;
    private const int MostDifferences = 100;

    /// <summary>Audits a workspace; null when there is none.</summary>
    public async Task<AuditReport?> RunAsync(string workspaceId, CancellationToken cancellation)
    {
        if (await AccountRows.LoadAsync(ledger, workspaceId, null, cancellation).ConfigureAwait(false) is not { } stored)
        {
            return null;
        }

        var replay = new Replay(stored.Account);
        var partition = new Partition(Table.Ledger, workspaceId);
        var range = KeyRange.StartingWith(LedgerEntry.Prefix) with { From = LedgerEntry.KeyOf(stored.Account.Entries) };
        await ForEachAsync(partition, range, row => replay.Take(row), cancellation).ConfigureAwait(false);
        replay.End();

        var running = 0;
        await ForEachAsync(partition, KeyRange.StartingWith(Admission.RunningPrefix), row => running += Slots(row), cancellation).ConfigureAwait(false);
        var again = await ledger.ReadAsync(partition, Account.RowKey, cancellation).ConfigureAwait(false);
        var still = again?.ETag == stored.ETag;
        if (still && running != stored.Account.Running)
        {
            replay.Note($"The account counts {stored.Account.Running} running generations; {running} hold a slot.");
        }

        return new AuditReport(
            workspaceId, replay.Entries, replay.Sum, stored.Account.Balance, still ? running : null, [.. replay.Differences.Take(MostDifferences)]);
    }

    private static int Slots(Row row)
    {
        var admission = RowJson.Read<Admission>(row.Data);
        return admission.TestMode ? 0 : admission.Generations.Count(generation => generation.Runs);
    }

    private async Task ForEachAsync(Partition partition, KeyRange range, Action<Row> take, CancellationToken cancellation)
    {
        string? continuation = null;
        do
        {
            var page = await ledger.ListAsync(partition, range, PageSize, null, continuation, cancellation).ConfigureAwait(false);
            foreach (var row in page.Rows)
            {
                take(row);
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);
    }
}
