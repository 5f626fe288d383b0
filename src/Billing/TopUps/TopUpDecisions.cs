using System.Collections.Immutable;
using Billing.Catalogs;
using Billing.Events;
using Billing.Workspaces;

namespace Billing.TopUps;

/// <summary>Adds bought credits.</summary>
/// <param name="Reference">The seller's name for the payment.</param>
/// <param name="Paid">What was paid; null where nobody says.</param>
public sealed record BuyCredits(Credits Credits, string Reference, Money? Paid = null);

/// <summary>Takes a top-up back after a refund or charge-back.</summary>
/// <param name="Reference">The seller's name for it; a part needs one.</param>
/// <param name="Credits">How much of it; null for what is left.</param>
public sealed record ReverseTopUp(string TopUpId, string Reason, string? Reference = null, Credits? Credits = null);

/// <summary>Undoes a reversal whose dispute was won.</summary>
/// <param name="Reference">The reversal's.</param>
public sealed record ReinstateTopUp(string TopUpId, string Reference);

public static class TopUpDecisions
{
    // Each stands in the top-up's row: texts of 200 characters, twice.
    private const int MostReversals = 20;

    /// <summary>Adds the credits; a reference that was seen before adds nothing.</summary>
    public static Outcome<TopUp> Buy(UnitOfWork unit, Catalog catalog, BuyCredits command)
    {
        var id = TopUp.IdOf(unit.Workspace.WorkspaceId, command.Reference);
        if (unit.TryFind<TopUp>(TopUp.KeyOf(id), out var same))
        {
            return same.Credits != command.Credits ? Refusal.Conflict($"The payment {command.Reference} was for {Counted.Of(same.Credits, "credit")} already.")
                : same.Paid != command.Paid ? Refusal.Conflict($"Of the payment {command.Reference} it was said otherwise what was paid.")
                : new Outcome<TopUp>.AlreadyApplied(same);
        }

        if ((catalog.CheckTopUp(command.Credits) ?? unit.RoomForGrant()) is { } refusal)
        {
            return refusal;
        }

        var entry = unit.Credit(GrantKind.TopUp, expiresAt: null, new LedgerLine(EntryType.Purchase, command.Credits, $"Top-up: {Counted.Of(command.Credits, "credit")}")
        {
            Metadata = ImmutableSortedDictionary<string, Scalar>.Empty.Add("reference", Scalar.Of(command.Reference)).Add("top_up_id", Scalar.Of(id)),
        }, command.Paid);
        var topUp = new TopUp { Id = id, Credits = command.Credits, Reference = command.Reference, Paid = command.Paid, GrantId = entry.Sequence, CreatedAt = unit.Now };
        unit.Put(topUp);
        unit.Tell(EventTypes.CreditsToppedUp, unit.Now, ImmutableSortedDictionary<string, Scalar>.Empty
            .Add("top_up_id", Scalar.Of(id))
            .Add("amount", Scalar.Of(command.Credits.ToDecimal()))
            .Add("credits", Scalar.Of(unit.Workspace.Balance.ToDecimal())));
        return topUp;
    }

    /// <summary>Takes back what is unspent; the rest is a debt, repaid from whatever is free and from what comes next. The same reference counts once.</summary>
    public static Outcome<TopUp> Reverse(UnitOfWork unit, Catalog catalog, ReverseTopUp command)
    {
        if (!unit.TryFind<TopUp>(TopUp.KeyOf(command.TopUpId), out var topUp))
        {
            return Refusal.NotFound("top-up");
        }

        if (topUp.Reversals.FirstOrDefault(one => one.Reference == command.Reference) is { } same)
        {
            return command.Credits is { } other && other != same.Credits
                ? Refusal.Conflict($"The reversal {command.Reference} was of {Counted.Of(same.Credits, "credit")} already.")
                : new Outcome<TopUp>.AlreadyApplied(topUp);
        }

        var reversed = command.Credits ?? topUp.Left;
        if (command.Reference is null && reversed != topUp.Left)
        {
            return Refusal.Invalid("reference", "is required for a part: by it the part counts once");
        }

        if (reversed > topUp.Left)
        {
            return Refusal.Conflict($"Only {Counted.Of(topUp.Left, "credit")} of the top-up {Counted.Are(topUp.Left)} left to reverse.");
        }

        if (topUp.Reversals.Length == MostReversals)
        {
            return Refusal.Conflict($"The top-up was reversed {MostReversals} times; no more can be remembered.");
        }

        return reversed > Credits.Zero ? Take(unit, catalog, topUp, reversed, command)
            : command.Reference is null ? new Outcome<TopUp>.AlreadyApplied(topUp)
            : Remember(unit, topUp, new Reversal(command.Reason, Credits.Zero, Credits.Zero, unit.Now, command.Reference));
    }

    /// <summary>Gives back what a reversal took and left as debt: its dispute was won. An open debt is repaid from it first.</summary>
    public static Outcome<TopUp> Reinstate(UnitOfWork unit, ReinstateTopUp command)
    {
        if (!unit.TryFind<TopUp>(TopUp.KeyOf(command.TopUpId), out var topUp))
        {
            return Refusal.NotFound("top-up");
        }

        // A reversal that was given no reference is the one that any other dispute can be about.
        if ((topUp.Reversals.FirstOrDefault(one => one.Reference == command.Reference) ?? topUp.Reversals.FirstOrDefault(one => one.Reference is null)) is not { } reversal)
        {
            return Refusal.Conflict($"No reversal of the top-up is known as {command.Reference}.");
        }

        if (reversal.ReinstatedAt is not null)
        {
            return new Outcome<TopUp>.AlreadyApplied(topUp);
        }

        if (reversal.Credits > Credits.Zero && unit.Workspace.Grants.Find(topUp.GrantId) is null && unit.RoomForGrant() is { } full)
        {
            return full;
        }

        GiveBack(unit, topUp, reversal.Credits, command.Reference);
        var reinstated = topUp with { Reversals = topUp.Reversals.Replace(reversal, reversal with { ReinstatedAt = unit.Now }) };
        unit.Put(reinstated);
        return reinstated;
    }

    private static void GiveBack(UnitOfWork unit, TopUp topUp, Credits credits, string reference)
    {
        if (credits == Credits.Zero)
        {
            return;
        }

        var back = topUp.Grant(credits);
        unit.Credit(unit.Workspace.Grants.Add(back), new LedgerLine(EntryType.Adjustment, credits, $"Top-up reinstated: {reference}")
        {
            Metadata = ImmutableSortedDictionary<string, Scalar>.Empty.Add("reference", Scalar.Of(reference)).Add("top_up_id", Scalar.Of(topUp.Id)),
            Draws = [back.Draw(credits)],
        });
    }

    private static TopUp Take(UnitOfWork unit, Catalog catalog, TopUp topUp, Credits reversed, ReverseTopUp command)
    {
        var before = unit.Workspace.Balance;
        var grant = unit.Workspace.Grants.Find(topUp.GrantId);
        var taken = Credits.Min(grant?.Left ?? Credits.Zero, reversed);
        var debt = reversed - taken;
        unit.Workspace = unit.Workspace with
        {
            Grants = grant is null ? unit.Workspace.Grants : unit.Workspace.Grants.Take(grant, taken),
            Debt = unit.Workspace.Debt + debt,
        };
        unit.Post(new LedgerLine(EntryType.Adjustment, -taken, "Top-up reversed")
        {
            Written = WrittenText.Of($"Top-up reversed: {command.Reason}"),
            Metadata = ImmutableSortedDictionary<string, Scalar>.Empty
                .Add("top_up_id", Scalar.Of(topUp.Id))
                .Add("debt", Scalar.Of(debt.ToDecimal())),
            Draws = [topUp.Grant(taken).Draw(taken)],
        });
        unit.RepayDebt();
        Alerts.AfterSpending(unit, catalog, before);
        return Remember(unit, topUp, new Reversal(command.Reason, taken, debt, unit.Now, command.Reference));
    }

    /// <summary>One that found nothing left to take is remembered, too: winning its dispute gives nothing back.</summary>
    private static TopUp Remember(UnitOfWork unit, TopUp topUp, Reversal reversal)
    {
        var changed = topUp with { Reversals = topUp.Reversals.Add(reversal) };
        unit.Put(changed);
        return changed;
    }
}
