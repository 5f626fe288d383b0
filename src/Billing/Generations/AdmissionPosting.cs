using System.Collections.Immutable;
using Billing.Catalogs;
using Billing.Workspaces;

namespace Billing.Generations;

/// <summary>What an admission leaves in the ledger: one deduction for what credits covered, one overage entry for what they did not.</summary>
internal static class AdmissionPosting
{
    private static readonly ImmutableSortedDictionary<string, Scalar> Nothing = ImmutableSortedDictionary<string, Scalar>.Empty;

    /// <summary>Posts the entries of generations whose credits were taken already.</summary>
    /// <param name="rows">Where the generations stand: the entries name the last row, which leads to all.</param>
    public static void Post(UnitOfWork unit, Catalog catalog, Admit command, ImmutableArray<Admission> rows, IEnumerable<AdmittedItem> items)
    {
        ImmutableArray<(Generation Generation, string PriceVersion)> made =
            [.. items.Zip(command.Items, (item, wanted) => (item.Generation!, wanted.Price.PriceVersion)).Where(one => one.Item1 is not null)];
        ImmutableArray<Generation> generations = [.. made.Select(one => one.Generation)];
        var name = command.Batch ? Ids.Of("batch", unit.Workspace.WorkspaceId, command.Key) : generations[0].Id;
        var lastRow = rows[^1].RowKey[Admission.Prefix.Length..];
        var written = command.Batch ? null : WrittenText.Of(generations[0].Description, generations[0].Metadata);
        var charged = generations.Where(generation => !generation.Draws.IsEmpty).ToImmutableArray();
        var units = generations.Count(generation => generation.Overage is not null);

        // What costs nothing stands in the ledger, too: every generation is found by its entry.
        if (!charged.IsEmpty || units == 0)
        {
            var cost = charged.Aggregate(Credits.Zero, (sum, generation) => sum + generation.Charged);
            unit.Post(new LedgerLine(EntryType.Deduction, -cost, $"{catalog.Noun} generation: {name}")
            {
                Metadata = Metadata(command, generations, Nothing),
                Written = written,
                Draws = Merged(charged),
                PriceVersion = VersionsOf(made, generation => generation.Overage is null || !generation.Draws.IsEmpty),
                AdmissionKey = lastRow,
                Requester = command.Requester,
            });
            var usage = unit.Workspace.UsageAt(unit.Now);
            unit.Workspace = unit.Workspace with
            {
                Usage = usage with { Spent = usage.Spent + cost, Generations = usage.Generations + charged.Length },
            };
        }

        if (units > 0)
        {
            unit.Post(new LedgerLine(EntryType.Overage, Credits.Zero, $"{catalog.Noun} generation on overage: {name}")
            {
                Metadata = Metadata(command, generations, Nothing.Add("overage_units", Scalar.Of(units))),
                Written = written,
                PriceVersion = VersionsOf(made, generation => generation.Overage is not null),
                AdmissionKey = lastRow,
                Requester = command.Requester,
            });
        }
    }

    // Those quoted before a change of prices and those after may be in one batch.
    private static string VersionsOf(ImmutableArray<(Generation Generation, string PriceVersion)> made, Func<Generation, bool> charged) =>
        string.Join(' ', made.Where(one => charged(one.Generation)).Select(one => one.PriceVersion).Distinct());

    private static ImmutableSortedDictionary<string, Scalar> Metadata(
        Admit command, ImmutableArray<Generation> generations, ImmutableSortedDictionary<string, Scalar> ours) =>
        command.Batch ? ours.Add("generations", Scalar.Of(generations.Length)) : generations[0].Parameters.SetItems(ours);

    private static ImmutableArray<Draw> Merged(ImmutableArray<Generation> generations) => generations.Length == 1
        ? generations[0].Draws
        : [.. generations.SelectMany(generation => generation.Draws)
            .GroupBy(draw => draw.GrantId)
            .Select(draws => draws.Aggregate((all, draw) => all with { Amount = all.Amount + draw.Amount }))];
}
