using System.Collections.Immutable;
using Billing.Accounts;
using Billing.Catalogs;

namespace Billing.Generations;

/// <summary>What an admission leaves in the ledger: one deduction for all that credits covered, one overage entry for the rest.</summary>
internal static class AdmissionLedger
{
    /// <summary>Posts the entries of generations whose credits were taken already.</summary>
    public static void Post(Draft draft, Catalog catalog, Admit command, ImmutableArray<Generation> generations)
    {
        var name = command.Batch ? Ids.Of("batch", draft.Account.WorkspaceId, command.Key) : generations[0].Id;
        var metadata = Metadata(command, generations);
        var charged = generations.Where(generation => generation.Overage is null).ToImmutableArray();
        if (!charged.IsEmpty)
        {
            var cost = charged.Aggregate(Credits.Zero, (sum, generation) => sum + generation.Charged);
            draft.Post(new LedgerLine(EntryType.Deduction, -cost, $"{catalog.Noun} generation: {name}")
            {
                Metadata = metadata,
                Draws = Merged(charged),
                PriceVersion = command.Items[0].Price.PriceVersion,
            });
            var usage = draft.Account.UsageAt(draft.Now);
            draft.Account = draft.Account with
            {
                Usage = usage with { Spent = usage.Spent + cost, Generations = usage.Generations + charged.Length },
            };
        }

        var units = generations.Length - charged.Length;
        if (units > 0)
        {
            draft.Post(new LedgerLine(EntryType.Overage, Credits.Zero, $"{catalog.Noun} generation on overage: {name}")
            {
                Metadata = metadata.SetItem("overage_units", Scalar.Of(units)),
                PriceVersion = command.Items[0].Price.PriceVersion,
            });
        }
    }

    private static ImmutableSortedDictionary<string, Scalar> Metadata(Admit command, ImmutableArray<Generation> generations)
    {
        if (command.Batch)
        {
            return ImmutableSortedDictionary<string, Scalar>.Empty.Add("generations", Scalar.Of(generations.Length));
        }

        // The caller's own entries never hide what the charge was computed from.
        var only = generations[0];
        var metadata = only.Parameters.SetItem("generation_id", Scalar.Of(only.Id));
        foreach (var (name, value) in only.Metadata ?? ImmutableSortedDictionary<string, string>.Empty)
        {
            metadata = metadata.ContainsKey(name) ? metadata : metadata.Add(name, Scalar.Of(value));
        }

        return only.Description is { } description && !metadata.ContainsKey("description")
            ? metadata.Add("description", Scalar.Of(description))
            : metadata;
    }

    private static ImmutableArray<Draw> Merged(ImmutableArray<Generation> generations) => generations.Length == 1
        ? generations[0].Draws
        : [.. generations.SelectMany(generation => generation.Draws)
            .GroupBy(draw => draw.GrantId)
            .Select(draws => draws.First() with { Amount = draws.Aggregate(Credits.Zero, (sum, draw) => sum + draw.Amount) })];
}
