using System.Collections.Immutable;
using Billing.Engine.Ports;

namespace Billing.Engine.Due;

internal static class DueIndex
{
    /// <summary>Puts workspaces into an hour, at most as many as fit a transaction; who is in it already stays.</summary>
    public static Task PutAsync(ITableStore store, DueIndexEntry entry, IEnumerable<string> workspaceIds, CancellationToken cancellation) =>
        store.CommitUntilKnownAsync(entry.Partition, [.. workspaceIds.Select(id => new RowWrite(WriteKind.Put, new Row(id, "{}")))], cancellation);

    public static Task RemoveAsync(ITableStore store, DueIndexEntry entry, IEnumerable<string> workspaceIds, CancellationToken cancellation) =>
        store.CommitEachAsync(entry.Partition, [.. workspaceIds.Distinct(StringComparer.Ordinal).Select(id => ImmutableArray.Create(RowWrite.Delete(id)))], cancellation);
}
