using System.Collections.Immutable;
using Billing.Engine.Committing;
using Billing.Engine.Ports;
using Billing.Generations;

namespace Billing.Benchmarks.Admits;

/// <summary>The rows of one of our commits, to be written again by others under other keys.</summary>
/// <param name="Inserts">The rows of its admissions.</param>
/// <param name="Account">The account row, replaced at its version.</param>
/// <param name="Admits">How many admissions ride it.</param>
internal sealed record CommitShape(ImmutableArray<Row> Inserts, Row Account, int Admits)
{
    public int Entities => Inserts.Length + 1;

    public int Bytes => Inserts.Append(Account).Sum(row => row.Data.Length);

    /// <summary>Takes them from real commits: of one admission alone, and of as many as our writer ever puts together.</summary>
    public static async Task<(CommitShape Alone, CommitShape Full)> CaptureAsync(BenchmarkStorage storage)
    {
        var customer = await Customers.OpenAsync(storage);
        var ledger = new RecordedTableStore(storage.Store, new Partition(Table.Ledger, customer.WorkspaceId));
        var writer = new WorkspaceWriter(storage.Ports(TimeProvider.System, ledger));
        await writer.AdmitAsync(customer.WorkspaceId);
        await writer.AdmitAsync(customer.WorkspaceId);
        await Task.WhenAll(Enumerable.Range(0, 256).Select(_ => writer.AdmitAsync(customer.WorkspaceId)));
        return (Of(ledger.Commits[1]), Of(ledger.Commits.MaxBy(writes => writes.Length)));
    }

    /// <summary>With only the first of its inserts.</summary>
    public CommitShape OfTwoEntities() => this with { Inserts = [Inserts[0]] };

    /// <summary>With as many admissions of the same rows as a transaction can hold.</summary>
    public CommitShape Fullest()
    {
        var rows = Inserts.Length / Admits;
        var most = (ITableStore.MaxWrites - 1) / rows;
        return this with { Inserts = [.. Enumerable.Range(0, most * rows).Select(at => Inserts[at % Inserts.Length])], Admits = most };
    }

    private static CommitShape Of(ImmutableArray<RowWrite> writes) => new(
        [.. writes.Where(write => write.Kind == WriteKind.Insert).Select(write => write.Row)],
        writes[^1].Row,
        writes.Count(write => write.Row.Key.StartsWith(Admission.Prefix, StringComparison.Ordinal)));
}
