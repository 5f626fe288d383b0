using System.Collections.Immutable;
using Billing.Workspaces;

namespace Billing.Generations;

/// <summary>How refunded credits and overage units find their way back.</summary>
internal static class RefundPosting
{
    /// <summary>
    /// Returns credits to the grants they came from, those drawn last first. Where such a grant has ended, they become a bonus that ends with the current period
    /// and cost nothing: what was paid for them was earned when the grant ended.
    /// </summary>
    /// <param name="requester">The generation's: what is given back is counted with what it spent.</param>
    public static void ReturnCredits(UnitOfWork draft, Generation generation, Credits amount, Refund refund, Requester? requester)
    {
        if (amount <= Billing.Credits.Zero)
        {
            return;
        }

        var replacement = new Grant(draft.Workspace.Entries + 1, GrantKind.Bonus, Billing.Credits.Zero, draft.Workspace.PeriodAt(draft.Now).EndsAt);
        var draws = ImmutableArray.CreateBuilder<Draw>();
        var grants = draft.Workspace.Grants;
        foreach (var draw in Last(generation, amount))
        {
            var returned = Lives(draft, draw) ? draw : replacement.Draw(draw.Amount);
            grants = grants.Add(returned.Grant);
            draws.Add(returned);
        }

        draft.Workspace = draft.Workspace with { Usage = Unspent(draft, generation, amount) };
        draft.Credit(grants, new LedgerLine(EntryType.Refund, amount, $"Refund: {generation.Id}")
        {
            Metadata = Metadata(refund),
            Draws = draws.ToImmutable(),
            Requester = requester,
        });
    }

    /// <summary>
    /// Takes an overage unit off its month, or makes it a credit on the next invoice. That happens when the refund is decided, not when it is carried out:
    /// what is decided before a month's end is not invoiced.
    /// </summary>
    public static void TakeOffMonth(UnitOfWork draft, OverageUnit unit) =>
        draft.Workspace = draft.Workspace with { Overage = draft.Workspace.Overage.Owe(unit.Month, unit.Plan, unit.Price) };

    public static void ReturnOverageUnit(UnitOfWork draft, Generation generation, bool overage, Refund refund, Requester? requester)
    {
        if (!overage)
        {
            return;
        }

        var unit = generation.Overage!;
        draft.Workspace = draft.Workspace with { Overage = draft.Workspace.Overage.GiveBack(unit.Month, unit.Plan, unit.Price) };
        draft.Post(new LedgerLine(EntryType.Refund, Billing.Credits.Zero, $"Overage refund: {generation.Id}") { Metadata = Metadata(refund), Requester = requester });
    }

    /// <summary>The draws that a refund undoes: from the last one back, past what was refunded before.</summary>
    private static IEnumerable<Draw> Last(Generation generation, Credits amount)
    {
        var skip = generation.Refunded;
        foreach (var draw in generation.Draws.Reverse())
        {
            var skipped = Billing.Credits.Min(skip, draw.Amount);
            var taken = Billing.Credits.Min(draw.Amount - skipped, amount);
            skip -= skipped;
            amount -= taken;
            if (taken > Billing.Credits.Zero)
            {
                yield return draw with { Amount = taken };
            }
        }
    }

    private static bool Lives(UnitOfWork draft, Draw draw) => draw.ExpiresAt is null || draw.ExpiresAt > draft.Now;

    /// <summary>Takes a refund off the period it was spent in. Never below zero: a subscription that ends, or starts in the past, can lead back into a period whose count is gone.</summary>
    private static PeriodUsage Unspent(UnitOfWork draft, Generation generation, Credits amount)
    {
        var usage = draft.Workspace.UsageAt(draft.Now);
        return usage.PeriodStartsAt != generation.PeriodStartsAt
            ? usage
            : usage with
            {
                Spent = usage.Spent - Billing.Credits.Min(amount, usage.Spent),
                Generations = usage.Generations - (generation.Refunded + amount == generation.Charged ? Math.Min(1, usage.Generations) : 0),
            };
    }

    private static ImmutableSortedDictionary<string, Scalar> Metadata(Refund refund) => ImmutableSortedDictionary<string, Scalar>.Empty
        .Add("generation_id", Scalar.Of(refund.GenerationId))
        .Add("refund_id", Scalar.Of(refund.Id))
        .Add("reason", Scalar.Of(refund.Reason));
}
