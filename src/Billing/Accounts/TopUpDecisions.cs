using System.Collections.Immutable;
using Billing.Catalogs;
using Billing.Webhooks;

namespace Billing.Accounts;

/// <summary>Adds bought credits.</summary>
/// <param name="Credits">How many.</param>
/// <param name="Reference">The seller's name for the payment.</param>
public sealed record BuyCredits(Credits Credits, string Reference);

/// <summary>Takes a top-up back after a charge-back.</summary>
public sealed record ReverseTopUp(string TopUpId, string Reason);

/// <summary>Decisions on top-ups.</summary>
public static class TopUpDecisions
{
    /// <summary>Adds the credits; a reference that was seen before adds nothing.</summary>
    public static Outcome<TopUp> Buy(Draft draft, Catalog catalog, BuyCredits command)
    {
        var id = TopUp.IdOf(draft.Account.WorkspaceId, command.Reference);
        if (draft.TryFind<TopUp>(TopUp.KeyOf(id), out var same))
        {
            return same.Credits == command.Credits
                ? new Outcome<TopUp>.AlreadyApplied(same)
                : Refusal.Conflict($"The payment {command.Reference} was for {same.Credits} credits already.");
        }

        if ((catalog.TopUps.Check(command.Credits) ?? draft.RoomForGrant()) is { } refusal)
        {
            return refusal;
        }

        var entry = draft.Credit(GrantKind.TopUp, expiresAt: null, new LedgerLine(EntryType.Purchase, command.Credits, $"Top-up: {command.Credits} credits")
        {
            Metadata = ImmutableSortedDictionary<string, Scalar>.Empty.Add("reference", Scalar.Of(command.Reference)).Add("top_up_id", Scalar.Of(id)),
        });
        var topUp = new TopUp { Id = id, Credits = command.Credits, Reference = command.Reference, GrantId = entry.Sequence, CreatedAt = draft.Now };
        draft.Put(topUp);
        draft.Tell(EventTypes.CreditsToppedUp, draft.Now, ImmutableSortedDictionary<string, Scalar>.Empty
            .Add("top_up_id", Scalar.Of(id))
            .Add("amount", Scalar.Of(command.Credits.ToDecimal()))
            .Add("credits", Scalar.Of(draft.Account.Balance.ToDecimal())));
        return topUp;
    }

    /// <summary>Takes back what is unspent; the rest is a debt that later grants repay first.</summary>
    public static Outcome<TopUp> Reverse(Draft draft, Catalog catalog, ReverseTopUp command)
    {
        if (!draft.TryFind<TopUp>(TopUp.KeyOf(command.TopUpId), out var topUp))
        {
            return Refusal.NotFound("top-up");
        }

        if (topUp.Reversal is not null)
        {
            return new Outcome<TopUp>.AlreadyApplied(topUp);
        }

        var before = draft.Account.Balance;
        var grant = draft.Account.Grants.Find(topUp.GrantId);
        var taken = grant?.Left ?? Credits.Zero;
        var debt = topUp.Credits - taken;
        draft.Account = draft.Account with
        {
            Grants = grant is null ? draft.Account.Grants : draft.Account.Grants.Take(grant, taken),
            Debt = draft.Account.Debt + debt,
        };
        draft.Post(new LedgerLine(EntryType.Adjustment, -taken, $"Top-up reversed: {command.Reason}")
        {
            Metadata = ImmutableSortedDictionary<string, Scalar>.Empty
                .Add("top_up_id", Scalar.Of(topUp.Id))
                .Add("debt", Scalar.Of(debt.ToDecimal())),
        });
        var reversed = topUp with { Reversal = new Reversal(command.Reason, taken, debt, draft.Now) };
        draft.Put(reversed);
        Alerts.AfterSpending(draft, catalog, before);
        return reversed;
    }
}
