using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Generations;
using Billing.Workspaces;

namespace Billing.Engine.Directories;

/// <summary>Lists a workspace's generations, newest first: live ones by the ledger entries that charged for them, those of test keys by rows of their own. Nothing is stored for it that an admission does not store anyway.</summary>
public sealed class GenerationList(ITableStore store, string workspaceId)
{
    private const int AtOnce = 50;
    private readonly Partition _partition = new(Table.Ledger, workspaceId);

    /// <summary>Live generations.</summary>
    /// <param name="spans">The parts of the ledger to look through, newest first.</param>
    /// <param name="after">What was listed before; null for the beginning.</param>
    /// <param name="most">About as many as are wanted.</param>
    public IAsyncEnumerable<FoundGeneration> LiveAsync(
        IEnumerable<(long First, long Last)> spans, GenerationPlace? after, int most, CancellationToken cancellation) =>
        FoundAsync(EntriesAsync(spans, after, most, cancellation).Where(entry => entry.AdmissionKey is not null)
            .Select(entry => (Ids.TextOf(entry.Sequence), entry.AdmissionKey!)), after, most, cancellation);

    /// <summary>Those of test keys, from an instant up to, but not including, another.</summary>
    /// <inheritdoc cref="LiveAsync"/>
    public IAsyncEnumerable<FoundGeneration> TestAsync(DateTimeOffset? from, DateTimeOffset? to, GenerationPlace? after, int most, CancellationToken cancellation)
    {
        var range = TestAdmission.Between(from, to);
        var rest = after is null ? range : range with { From = TestAdmission.Prefix + after.Admission };
        var rows = store.RowsAsync(_partition, rest, cancellation, Math.Min(most + 1, TransactionRules.MaxPage));
        return FoundAsync(rows.Select(row => (row.Key[TestAdmission.Prefix.Length..], RowJson.Read<TestAdmission>(row.Data).LastRow)), after, most, cancellation);
    }

    private async IAsyncEnumerable<LedgerEntry> EntriesAsync(
        IEnumerable<(long First, long Last)> spans, GenerationPlace? after, int most, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var from = after is null ? long.MaxValue : Ids.NumberOf(after.Admission) ?? 0;
        foreach (var (first, last) in spans.Where(span => span.First <= from))
        {
            await foreach (var entry in LedgerPages.EntriesAsync(store, _partition, first, Math.Min(last, from), most, cancellation).ConfigureAwait(false))
            {
                yield return entry;
            }
        }
    }

    private async IAsyncEnumerable<FoundGeneration> FoundAsync(
        IAsyncEnumerable<(string Admission, string LastRow)> admissions, GenerationPlace? after, int most, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // What a batch took of credits and what it took of overage are two entries beside each other; the newer one stands for it.
        string? former = null;
        var each = admissions.Where(one => former != (former = one.LastRow));
        await foreach (var some in each.Chunk(Math.Min(AtOnce, most)).WithCancellation(cancellation).ConfigureAwait(false))
        {
            var read = await Task.WhenAll(some.Select(one => RowsOfAsync(one.LastRow, cancellation))).ConfigureAwait(false);
            foreach (var (place, admission, generation) in some.Zip(read).SelectMany(one => PlacedIn(one.First.Admission, one.Second)))
            {
                if (after is null || after.Admission != place.Admission || place.Number > after.Number)
                {
                    yield return new FoundGeneration(place, admission, generation);
                }
            }
        }
    }

    private static IEnumerable<(GenerationPlace Place, Admission Admission, Generation Generation)> PlacedIn(string key, ImmutableArray<Admission> rows) =>
        rows.Reverse().SelectMany(row => row.Generations.Reverse().Select(generation => (row, generation)))
            .Select((one, number) => (new GenerationPlace(key, number), one.row, one.generation));

    private async Task<ImmutableArray<Admission>> RowsOfAsync(string lastRow, CancellationToken cancellation)
    {
        var rows = await Task.WhenAll(Admission.RowKeysOf(lastRow).Select(key => store.ReadAsync(_partition, key, cancellation))).ConfigureAwait(false);
        return [.. rows.OfType<Row>().Select(row => RowJson.Read<Admission>(row.Data))];
    }
}

/// <summary>A generation's place in the list.</summary>
/// <param name="Admission">Of its admission: the sequence of the entry that charged it, or the key of its test row.</param>
/// <param name="Number">Its number in the admission, the newest first, from 0.</param>
public sealed record GenerationPlace(string Admission, int Number);

public sealed record FoundGeneration(GenerationPlace Place, Admission Admission, Generation Generation);
