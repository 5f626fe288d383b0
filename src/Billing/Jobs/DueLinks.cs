using System.Collections.Immutable;
using Billing.Writing;

namespace Billing.Jobs;

/// <summary>Tidies the due index.</summary>
internal static class DueLinks
{
    /// <summary>Removes workspaces from a bucket.</summary>
    public static async Task RemoveAsync(ILedger ledger, DueLink link, IReadOnlyCollection<string> workspaceIds, CancellationToken cancellation)
    {
        if (workspaceIds.Count == 0)
        {
            return;
        }

        var deletes = workspaceIds.Distinct(StringComparer.Ordinal).Select(id => new RowWrite(WriteKind.Delete, new Row(id, ""))).ToImmutableArray();
        if (await ledger.CommitUntilKnownAsync(link.Partition, deletes, cancellation).ConfigureAwait(false) is CommitResult.Committed || deletes.Length == 1)
        {
            return;
        }

        // Another instance was here: one by one, for a transaction fails as a whole when one row is gone.
        foreach (var delete in deletes)
        {
            await ledger.CommitUntilKnownAsync(link.Partition, [delete], cancellation).ConfigureAwait(false);
        }
    }
}
