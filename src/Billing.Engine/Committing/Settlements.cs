using System.Collections.Immutable;
using Billing.Engine.Ports;
using Billing.Generations;

namespace Billing.Engine.Committing;

/// <summary>Settles many generations of one workspace, each decided alone, in as many transactions as that takes.</summary>
public static class Settlements
{
    /// <summary>What those are refused of which nobody can say whether they are stored; who repeats them finds settled what was settled.</summary>
    public static readonly Refusal Unavailable = new(RefusalCodes.StorageUnavailable, "Storage did not answer in time. The same can be sent again.");

    /// <summary>Decides and stores them in their order. What was stored before storage failed is told, and nothing is tried after it.</summary>
    /// <param name="fits">Whether the caller may settle what is in a row.</param>
    /// <returns>What the call for each alone would come to, in order.</returns>
    public static async Task<ImmutableArray<Outcome<Settled>>> SettleAsync(this WorkspaceWriter writer, string workspaceId, IEnumerable<Settle> commands, Func<Admission, bool> fits)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var outcomes = ImmutableArray.CreateBuilder<Outcome<Settled>>();
        var waiting = new Stack<SettlePortion>(SettlePortion.Of(commands).Reverse());
        while (waiting.TryPop(out var portion))
        {
            var (decided, refusal) = await TryAsync(writer, workspaceId, portion, fits).ConfigureAwait(false);
            if (refusal?.Code == RefusalCodes.FileTooLarge && portion.Halves() is { } halves)
            {
                // Rows with much in them do not all go into one transaction.
                waiting.Push(halves.Second);
                waiting.Push(halves.First);
                continue;
            }

            outcomes.AddRange(refusal is null ? decided : All(portion, refusal));
            while (refusal?.Code == RefusalCodes.StorageUnavailable && waiting.TryPop(out var untried))
            {
                outcomes.AddRange(All(untried, refusal));
            }
        }

        return outcomes.ToImmutable();
    }

    /// <summary>What is decided and stored together.</summary>
    public static Work<ImmutableArray<Outcome<Settled>>> WorkOf(SettlePortion portion, Func<Admission, bool> fits) => new((unit, catalog) => portion.Decide(unit, catalog, fits))
    {
        Reads = portion.Rows,
        MostRows = portion.MostRows,
        DeclinesInPart = true,
    };

    /// <returns>What was decided of each, or why none of them was.</returns>
    private static async Task<(ImmutableArray<Outcome<Settled>> Decided, Refusal? Refusal)> TryAsync(
        WorkspaceWriter writer, string workspaceId, SettlePortion portion, Func<Admission, bool> fits)
    {
        try
        {
            var done = await writer.SubmitAsync(workspaceId, WorkOf(portion, fits)).ConfigureAwait(false);
            return done is null ? ([], Refusal.NotFound("workspace"))
                : done.Outcome!.TryGet(out var outcomes, out var refusal) ? (outcomes, null)
                : ([], refusal);
        }
        catch (StorageUnavailableException)
        {
            return ([], Unavailable);
        }
    }

    private static IEnumerable<Outcome<Settled>> All(SettlePortion portion, Refusal refusal) => portion.Commands.Select(_ => (Outcome<Settled>)refusal);
}
