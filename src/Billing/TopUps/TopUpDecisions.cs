using System.Collections.Immutable;
using Billing.Catalogs;
using Billing.Events;
using Billing.Workspaces;

namespace Billing.TopUps;

/// <summary>Adds bought credits.</summary>
/// <param name="Reference">The seller's name for the payment.</param>
public sealed record BuyCredits(Credits Credits, string Reference);

/// <summary>Takes a top-up back after a charge-back.</summary>
public sealed record ReverseTopUp(string TopUpId, string Reason);

public static class TopUpDecisions
{
    /// <summary>Adds the credits; a reference that was seen before adds nothing.</summary>
    public static Outcome<TopUp> Buy(UnitOfWork unit, Catalog catalog, BuyCredits command)
    {
        var id = TopUp.IdOf(unit.Workspace.WorkspaceId, command.Reference);
        if (unit.TryFind<TopUp>(TopUp.KeyOf(id), out var same))
        {
            return same.Credits == command.Credits
                ? new Outcome<TopUp>.AlreadyApplied(same)
                : Refusal.Conflict($"The payment {command.Reference} was for {Counted.Of(same.Credits, "credit")} already.");
        }

        if ((catalog.CheckTopUp(command.Credits) ?? unit.RoomForGrant()) is { } refusal)
        {
            return refusal;
        }

        var entry = unit.Credit(GrantKind.TopUp, expiresAt: null, new LedgerLine(EntryType.Purchase, command.Credits, $"Top-up: {Counted.Of(command.Credits, "credit")}")
        {
            Metadata = ImmutableSortedDictionary<string, Scalar>.Empty.Add("reference", Scalar.Of(command.Reference)).Add("top_up_id", Scalar.Of(id)),
        });
        var topUp = new TopUp { Id = id, Credits = command.Credits, Reference = command.Reference, GrantId = entry.Sequence, CreatedAt = unit.Now };
        unit.Put(topUp);
        unit.Tell(EventTypes.CreditsToppedUp, unit.Now, ImmutableSortedDictionary<string, Scalar>.Empty
            .Add("top_up_id", Scalar.Of(id))
            .Add("amount", Scalar.Of(command.Credits.ToDecimal()))
            .Add("credits", Scalar.Of(unit.Workspace.Balance.ToDecimal())));
        return topUp;
    }

    /// <summary>Takes back what is unspent; the rest is a debt that later grants repay first.</summary>
    public static Outcome<TopUp> Reverse(UnitOfWork unit, Catalog catalog, ReverseTopUp command)
    {
        if (!unit.TryFind<TopUp>(TopUp.KeyOf(command.TopUpId), out var topUp))
        {
            return Refusal.NotFound("top-up");
        }

        if (topUp.Reversal is not null)
        {
            return new Outcome<TopUp>.AlreadyApplied(topUp);
        }

        var before = unit.Workspace.Balance;
        var grant = unit.Workspace.Grants.Find(topUp.GrantId);
        var taken = grant?.Left ?? Credits.Zero;
        var debt = topUp.Credits - taken;
        unit.Workspace = unit.Workspace with
        {
            Grants = grant is null ? unit.Workspace.Grants : unit.Workspace.Grants.Take(grant, taken),
            Debt = unit.Workspace.Debt + debt,
        };
        unit.Post(new LedgerLine(EntryType.Adjustment, -taken, $"Top-up reversed: {command.Reason}")
        {
            Metadata = ImmutableSortedDictionary<string, Scalar>.Empty
                .Add("top_up_id", Scalar.Of(topUp.Id))
                .Add("debt", Scalar.Of(debt.ToDecimal())),
        });
        var reversed = topUp with { Reversal = new Reversal(command.Reason, taken, debt, unit.Now) };
        unit.Put(reversed);
        Alerts.AfterSpending(unit, catalog, before);
        return reversed;
    }
}
