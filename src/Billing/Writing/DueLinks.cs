using System.Collections.Immutable;

namespace Billing.Writing;

/// <summary>Writes and tidies the due index.</summary>
internal static class DueLinks
{
    /// <summary>Puts workspaces into a bucket, at most as many as fit a transaction; who is in it already stays.</summary>
    public static Task PutAsync(ILedger ledger, DueLink link, IEnumerable<string> workspaceIds, CancellationToken cancellation) =>
        ledger.CommitUntilKnownAsync(link.Partition, [.. workspaceIds.Select(id => new RowWrite(WriteKind.Put, new Row(id, "{}")))], cancellation);

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
