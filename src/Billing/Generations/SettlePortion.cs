using System.Collections.Immutable;
using Billing.Catalogs;
using Billing.Workspaces;

namespace Billing.Generations;

/// <summary>Settlements of one workspace that are stored together and decided each alone, in their order.</summary>
/// <param name="Rows">Keys of the rows that their generations stand in: each is read once and written once.</param>
public sealed record SettlePortion(ImmutableArray<Settle> Commands, ImmutableArray<string> Rows)
{
    // With the rows of refunds. What expired is settled in the same commit, and others ride in it, so it is far from the most that a transaction takes.
    private const int MostRowsWritten = 52;

    /// <summary>Rows that deciding it writes, at most: the generations' own, and a refund of each.</summary>
    public int MostRows => Commands.Length + Rows.Length;

    /// <summary>Settlements of one workspace as portions, in order. An id that is none's stands in no row.</summary>
    public static ImmutableArray<SettlePortion> Of(IEnumerable<Settle> commands)
    {
        var portions = ImmutableArray.CreateBuilder<SettlePortion>();
        var last = new SettlePortion([], []);
        foreach (var command in commands)
        {
            var next = last.With(command);
            if (next.MostRows > MostRowsWritten)
            {
                portions.Add(last);
                next = new SettlePortion([], []).With(command);
            }

            last = next;
        }

        portions.Add(last);
        return portions.ToImmutable();
    }

    /// <summary>Decides each alone: what one of them is refused costs the others nothing.</summary>
    /// <param name="fits">Whether the caller may settle what is in a row.</param>
    public ImmutableArray<Outcome<Settled>> Decide(UnitOfWork unit, Catalog catalog, Func<Admission, bool> fits) =>
    [
        .. Commands.Select(command => SettleDecisions.TryFind(unit, command.Id, out var admission, out _) && fits(admission)
            ? SettleDecisions.Decide(unit, catalog, command)
            : Refusal.NotFound("generation")),
    ];

    /// <summary>The same as two portions, the first of them first; null for a single settlement.</summary>
    public (SettlePortion First, SettlePortion Second)? Halves() => Commands.Length < 2 ? null : (Whole(Commands[..(Commands.Length / 2)]), Whole(Commands[(Commands.Length / 2)..]));

    private static SettlePortion Whole(ImmutableArray<Settle> commands) => commands.Aggregate(new SettlePortion([], []), (portion, command) => portion.With(command));

    private SettlePortion With(Settle command)
    {
        var row = Ids.TryParse("gen", command.Id, out _, out var key) ? Admission.RowKeyOf(key) : null;
        return new SettlePortion(Commands.Add(command), row is null || Rows.Contains(row) ? Rows : Rows.Add(row));
    }
}
