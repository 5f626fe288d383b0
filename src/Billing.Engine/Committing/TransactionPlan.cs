using System.Collections.Immutable;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Generations;
using Billing.Workspaces;

namespace Billing.Engine.Committing;

/// <summary>What a batch has decided, as the writes of one transaction.</summary>
/// <param name="Writes">Inserts first, then what the account row guards, then rate windows, the account row last.</param>
/// <param name="Rates">Which of them are rate windows.</param>
/// <param name="Stored">The workspace as the account row has it then; null when it does not write the account row.</param>
internal sealed record TransactionPlan(ImmutableArray<RowWrite> Writes, Range Rates, StoredWorkspace? Stored)
{
    /// <summary>The name that the account row has for this commit; null when it does not write the account row.</summary>
    public string? Name => Stored?.Commits[^1];

    /// <summary>The workspace's version after it.</summary>
    public long Version => Stored?.Workspace.Version ?? 0;

    public static TransactionPlan Of(StoredWorkspace held, UnitOfWork unit, RowCache rows, RateWindows rates, CommitNames names)
    {
        ImmutableArray<RowWrite> decided = [.. Inserts(unit, rows), .. PageOf(unit), .. Guarded(unit, rows)];
        ImmutableArray<RowWrite> writes = [.. decided, .. rates.Writes()];
        if (unit.Written.Count == 0 && ReferenceEquals(unit.Workspace, held.Workspace))
        {
            return new TransactionPlan(writes, decided.Length..writes.Length, null);
        }

        var next = unit.Workspace with { Version = held.Workspace.Version + 1 };
        var (stored, account) = WorkspaceRows.Store(next, held, unit.Now, names.Next());
        return new TransactionPlan([.. writes, .. account], decided.Length..writes.Length, stored);
    }

    /// <summary>
    /// True where storage takes it as one transaction. A row of generations must be far from the most that a row can be: settling lets it grow.
    /// </summary>
    public bool FitsIn(Partition partition) => TransactionRules.Fit(partition, Writes)
        && Writes.All(write => write.Kind != WriteKind.Insert || !write.Row.Key.StartsWith(Admission.Prefix, StringComparison.Ordinal) || write.Row.Data.Length <= MostAdmittedBytes);

    /// <summary>Why something that is larger alone is refused.</summary>
    public static readonly Refusal TooLarge = new(
        RefusalCodes.FileTooLarge,
        $"What this would store is too large for one transaction: together it may take {TransactionRules.MaxTransactionBytes >> 20} MiB, and any {Admission.MostInRow} items that follow each other {MostAdmittedBytes >> 10} KiB. Send it in smaller parts.");

    private const int MostAdmittedBytes = 384 * 1024;

    public void Hold(WorkspaceQueue queue, RateWindows rates, ImmutableArray<string?> etags, DateTimeOffset at)
    {
        if (Stored is not null)
        {
            queue.Hold(etags[^1] is { } etag ? Stored with { ETag = etag } : null, at);
        }

        rates.Stored(Writes.AsSpan()[Rates], etags.AsSpan()[Rates]);
    }

    private static IEnumerable<RowWrite> Inserts(UnitOfWork unit, RowCache rows) =>
        unit.Written.Where(one => !unit.IsStored(one.Key)).Select(one => one.Value).OfType<Record>().Select(record => new RowWrite(WriteKind.Insert, rows.Of(record)));

    private static IEnumerable<RowWrite> PageOf(UnitOfWork unit) => unit.Page is { } page ? [new RowWrite(WriteKind.Insert, RowJson.ToRow(page))] : [];

    private static IEnumerable<RowWrite> Guarded(UnitOfWork unit, RowCache rows) => unit.Written.Where(one => unit.IsStored(one.Key))
        .Select(one => one.Value is { } record ? new RowWrite(WriteKind.Put, rows.Of(record)) : RowWrite.Delete(one.Key));
}
