using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Generations;
using Billing.Workspaces;

namespace Billing.Engine.Committing;

/// <param name="Length">Bytes of its row.</param>
internal sealed record FoundAdmission(Admission Admission, int Length);

/// <summary>Finds admissions by the ledger entries that charged for them.</summary>
internal static class AdmissionSearch
{
    private const int AtOnce = 32;

    /// <summary>The admissions in a span of the ledger, newest first, each with all of its rows.</summary>
    public static async IAsyncEnumerable<ImmutableArray<FoundAdmission>> In(ITableStore store, Workspace workspace, RunningSpan span, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var partition = new Partition(Table.Ledger, workspace.WorkspaceId);
        var rows = LedgerPages.EntriesAsync(store, partition, span.First, span.Last, AtOnce, cancellation)
            .Select(entry => entry.AdmissionKey).OfType<string>().Distinct()
            .SelectMany(lastRow => Admission.RowKeysOf(lastRow).Select(key => (Key: key, IsLast: key.AsSpan(Admission.Prefix.Length).SequenceEqual(lastRow))));
        var found = ImmutableArray.CreateBuilder<FoundAdmission>();
        await foreach (var some in rows.Chunk(AtOnce).WithCancellation(cancellation).ConfigureAwait(false))
        {
            var read = await Task.WhenAll(some.Select(row => store.ReadAsync(partition, row.Key, cancellation))).ConfigureAwait(false);
            for (var i = 0; i < read.Length; i++)
            {
                if (read[i] is { } row)
                {
                    found.Add(new FoundAdmission(RowJson.Read<Admission>(row.Data), row.Data.Length));
                }

                if (some[i].IsLast && found.Count > 0)
                {
                    yield return found.DrainToImmutable();
                }
            }
        }
    }
}
