using System.Runtime.CompilerServices;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Generations;
using Billing.Workspaces;

namespace Billing.Engine.Committing;

/// <summary>Finds admissions by the ledger entries that charged for them.</summary>
internal static class AdmissionSearch
{
    private const int AtOnce = 32;

    /// <summary>The admissions in a span of the ledger, newest first.</summary>
    public static async IAsyncEnumerable<Admission> In(ITableStore store, Workspace workspace, RunningSpan span, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var partition = new Partition(Table.Ledger, workspace.WorkspaceId);
        var keys = LedgerPages.EntriesAsync(store, partition, span.First, span.Last, AtOnce, cancellation).Select(entry => entry.AdmissionKey).OfType<string>().Distinct();
        await foreach (var some in keys.Chunk(AtOnce).WithCancellation(cancellation).ConfigureAwait(false))
        {
            foreach (var row in await Task.WhenAll(some.Select(key => store.ReadAsync(partition, Admission.Prefix + key, cancellation))).ConfigureAwait(false))
            {
                if (row is not null)
                {
                    yield return RowJson.Read<Admission>(row.Data);
                }
            }
        }
    }
}
