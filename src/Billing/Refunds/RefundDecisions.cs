using System.Collections.Immutable;
using Billing.Accounts;
using Billing.Catalogs;
using Billing.Generations;
using Billing.Webhooks;

namespace Billing.Refunds;

/// <summary>Asks for a refund of a generation.</summary>
public sealed record RequestRefund(string GenerationId, string Reason, string? Note);

/// <summary>Decisions on refunds. Deciding and carrying out are apart: what is decided is a row, the queue carries it out, once.</summary>
public static class RefundDecisions
{
    /// <summary>Owes a refund for a generation that just ended; nothing when nothing was charged.</summary>
    internal static void Automatic(Draft draft, Generation generation, Credits credits, bool overage, string reason)
    {
        if (credits > Credits.Zero || overage)
        {
            Owe(draft, new Refund
            {
                Id = IdOf(generation.Id, "a"),
                GenerationId = generation.Id,
                Reason = reason,
                Status = RefundStatus.Pending,
                Credits = credits,
                Overage = overage,
                CreatedAt = draft.Now,
            });
        }
    }

    /// <summary>A customer asks; an operator will decide. Asking again tells how it stands.</summary>
    public static Outcome<Refund> Request(Draft draft, RequestRefund command)
    {
        if (!SettleDecisions.TryFind(draft, command.GenerationId, out var admission, out var generation))
        {
            return Refusal.NotFound("generation");
        }

        if (draft.TryFind<Refund>(Refund.Prefix + ManualIdOf(generation.Id), out var asked))
        {
            return new Outcome<Refund>.AlreadyApplied(asked);
        }

        if (RefundReasons.NotEligible.Contains(command.Reason))
        {
            return NotEligible($"A refund for {command.Reason} is not eligible.");
        }

        if (generation.Runs)
        {
            return Refusal.Conflict("The generation is running; a refund can be asked for when it has ended.");
        }

        var credits = generation.Charged - generation.Refunded - Owed(draft, generation);
        var overage = generation is { Overage: not null, OverageRefunded: false } && !OwesOverage(draft, generation);
        if (admission.TestMode || (credits <= Credits.Zero && !overage))
        {
            return NotEligible("Nothing of the generation's charge is left to refund.");
        }

        var refund = new Refund
        {
            Id = ManualIdOf(generation.Id),
            GenerationId = generation.Id,
            Reason = command.Reason,
            Note = command.Note,
            Status = RefundStatus.PendingReview,
            Credits = credits,
            Overage = overage,
            CreatedAt = draft.Now,
        };
        draft.Put(refund);
        return refund;
    }

    /// <summary>An operator decides a refund that was asked for.</summary>
    public static Outcome<Refund> Review(Draft draft, string refundId, bool approve)
    {
        if (!draft.TryFind<Refund>(Refund.Prefix + refundId, out var refund))
        {
            return Refusal.NotFound("refund");
        }

        if (refund.Status != RefundStatus.PendingReview)
        {
            return (refund.Status != RefundStatus.Denied) == approve
                ? new Outcome<Refund>.AlreadyApplied(refund)
                : Refusal.Conflict(approve ? "The refund was denied." : "The refund was approved.");
        }

        if (approve)
        {
            return Owe(draft, refund with { Status = RefundStatus.Pending });
        }

        var denied = refund with { Status = RefundStatus.Denied, EndedAt = draft.Now };
        draft.Put(denied);
        return denied;
    }

    /// <summary>Carries a refund out: the queue's part. However often it is called, the credits come back once.</summary>
    public static Outcome<Refund> CarryOut(Draft draft, string refundId)
    {
        if (!draft.TryFind<Refund>(Refund.Prefix + refundId, out var refund))
        {
            return Refusal.NotFound("refund");
        }

        if (refund.Status != RefundStatus.Pending)
        {
            return new Outcome<Refund>.AlreadyApplied(refund);
        }

        if (!SettleDecisions.TryFind(draft, refund.GenerationId, out var admission, out var generation))
        {
            return Refusal.NotFound("generation");
        }

        var credits = Credits.Min(refund.Credits, generation.Charged - generation.Refunded);
        var overage = refund.Overage && generation is { Overage: not null, OverageRefunded: false };
        GiveBack.Credits(draft, generation, credits, refund);
        GiveBack.OverageUnit(draft, generation, overage, refund);
        draft.Put(admission.With(generation with
        {
            Refunded = generation.Refunded + credits,
            OverageRefunded = generation.OverageRefunded || overage,
        }));
        var done = refund with { Status = RefundStatus.Succeeded, Credits = credits, Overage = overage, EndedAt = draft.Now };
        draft.Put(done);
        draft.Account = draft.Account with { PendingRefunds = draft.Account.PendingRefunds - 1 };
        draft.Tell(EventTypes.GenerationRefunded, draft.Now, ImmutableSortedDictionary<string, Scalar>.Empty
            .Add("generation_id", Scalar.Of(generation.Id))
            .Add("refund_id", Scalar.Of(refund.Id))
            .Add("reason", Scalar.Of(refund.Reason))
            .Add("refunded", Scalar.Of(credits.ToDecimal()))
            .Add("credits", Scalar.Of(draft.Account.Balance.ToDecimal())));
        return done;
    }

    /// <summary>The rows that a decision on a generation's refunds reads.</summary>
    public static ImmutableArray<string> RowKeysOf(string generationId) =>
        [Refund.Prefix + IdOf(generationId, "a"), Refund.Prefix + ManualIdOf(generationId)];

    /// <summary>The generation that a refund id belongs to; null when it is not a refund's id.</summary>
    public static string? GenerationOf(string refundId) =>
        Ids.TryParse("rfd", refundId, out _, out var key) && key.Length > 1 ? string.Concat("gen_", refundId.AsSpan(4, refundId.Length - 5)) : null;

    private static string ManualIdOf(string generationId) => IdOf(generationId, "m");

    private static string IdOf(string generationId, string kind) => string.Concat("rfd_", generationId.AsSpan(4), kind);

    private static Refund Owe(Draft draft, Refund refund)
    {
        draft.Put(refund);
        draft.Account = draft.Account with { PendingRefunds = draft.Account.PendingRefunds + 1 };
        draft.Ring(Queues.Refunds, refund.Id);
        return refund;
    }

    private static Credits Owed(Draft draft, Generation generation) =>
        Pending(draft, generation) is { } pending ? pending.Credits : Credits.Zero;

    private static bool OwesOverage(Draft draft, Generation generation) => Pending(draft, generation) is { Overage: true };

    private static Refund? Pending(Draft draft, Generation generation) =>
        draft.TryFind<Refund>(Refund.Prefix + IdOf(generation.Id, "a"), out var refund) && refund.Status == RefundStatus.Pending ? refund : null;

    private static Refusal NotEligible(string detail) => new(Billing.Refusals.RefundNotEligible, detail);
}
