using System.Collections.Immutable;
using Billing.Events;
using Billing.Workspaces;

namespace Billing.Generations;

public sealed record RequestRefund(string GenerationId, string Reason, string? Note);

/// <summary>Decisions on refunds. Deciding and carrying out are apart: what is decided is a row, the queue carries it out, once.</summary>
public static class RefundDecisions
{
    /// <summary>Owes a refund for a generation that just ended; nothing when nothing was charged.</summary>
    /// <returns>The generation with what it is owed.</returns>
    internal static Generation Automatic(UnitOfWork unit, Generation generation, Credits credits, bool overage, string reason) =>
        credits == Credits.Zero && !overage ? generation : Owe(unit, generation, new Refund
        {
            Id = IdOf(generation.Id, "a"),
            GenerationId = generation.Id,
            Reason = reason,
            Status = RefundStatus.Pending,
            Credits = credits,
            Overage = overage,
            CreatedAt = unit.Now,
        });

    /// <summary>A customer asks; an operator will decide. Asking again tells how it stands.</summary>
    public static Outcome<Refund> Request(UnitOfWork unit, RequestRefund command)
    {
        if (!SettleDecisions.TryFind(unit, command.GenerationId, out var admission, out var generation))
        {
            return Refusal.NotFound("generation");
        }

        if (unit.TryFind<Refund>(RowKeyOf(generation.Id), out var asked))
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

        var credits = generation.Charged - generation.Refunded - (generation.Owed?.Credits ?? Credits.Zero);
        var overage = generation is { Overage: not null, OverageRefunded: false, Owed: not { Overage: true } };
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
            CreatedAt = unit.Now,
        };
        unit.Put(refund);
        unit.Tell(EventTypes.RefundRequested, unit.Now, ImmutableSortedDictionary<string, Scalar>.Empty
            .Add("refund_id", Scalar.Of(refund.Id))
            .Add("generation_id", Scalar.Of(generation.Id))
            .Add("reason", Scalar.Of(refund.Reason))
            .Add("credits", Scalar.Of(credits.ToDecimal())));
        return refund;
    }

    public static Outcome<Refund> Review(UnitOfWork unit, string refundId, bool approve)
    {
        if (!unit.TryFind<Refund>(Refund.Prefix + refundId, out var refund))
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
            return Approve(unit, refund with { Status = RefundStatus.Pending });
        }

        var denied = refund with { Status = RefundStatus.Denied, EndedAt = unit.Now };
        unit.Put(denied);
        return denied;
    }

    private static Outcome<Refund> Approve(UnitOfWork unit, Refund approved)
    {
        if (!SettleDecisions.TryFind(unit, approved.GenerationId, out var admission, out var generation))
        {
            return Refusal.NotFound("generation");
        }

        unit.Put(admission.With(Owe(unit, generation, approved)));
        return approved;
    }

    /// <summary>Carries a refund out: the queue's part. However often it is called, the credits come back once.</summary>
    public static Outcome<Refund> CarryOut(UnitOfWork unit, string refundId)
    {
        if (!unit.TryFind<Refund>(Refund.Prefix + refundId, out var refund))
        {
            return Refusal.NotFound("refund");
        }

        if (refund.Status != RefundStatus.Pending)
        {
            return new Outcome<Refund>.AlreadyApplied(refund);
        }

        if (!SettleDecisions.TryFind(unit, refund.GenerationId, out var admission, out var generation))
        {
            return Refusal.NotFound("generation");
        }

        var credits = Credits.Min(refund.Credits, generation.Charged - generation.Refunded);
        var overage = refund.Overage && generation is { Overage: not null, OverageRefunded: false };
        RefundPosting.ReturnCredits(unit, generation, credits, refund, admission.Requester);
        RefundPosting.ReturnOverageUnit(unit, generation, overage, refund, admission.Requester);
        unit.Put(admission.With(generation with
        {
            Refunded = generation.Refunded + credits,
            OverageRefunded = generation.OverageRefunded || overage,
            Owed = Less(generation.Owed, refund),
        }));
        var done = refund with { Status = RefundStatus.Succeeded, Credits = credits, Overage = overage, EndedAt = unit.Now };
        unit.Put(done);
        unit.Workspace = unit.Workspace with { PendingRefunds = unit.Workspace.PendingRefunds - 1 };
        unit.Tell(EventTypes.GenerationRefunded, unit.Now, ImmutableSortedDictionary<string, Scalar>.Empty
            .Add("generation_id", Scalar.Of(generation.Id))
            .Add("refund_id", Scalar.Of(refund.Id))
            .Add("reason", Scalar.Of(refund.Reason))
            .Add("refunded", Scalar.Of(credits.ToDecimal()))
            .Add("overage_units", Scalar.Of(overage ? 1 : 0))
            .Add("credits", Scalar.Of(unit.Workspace.Balance.ToDecimal())), overage ? generation.Overage!.Price : null);
        return done;
    }

    /// <summary>The rows that a decision on one refund reads: it and its generation; none where it is not a refund's id.</summary>
    public static ImmutableArray<string> RowKeysOfRefund(string refundId)
    {
        if (GenerationOf(refundId) is not { } generationId || !Ids.TryParse("gen", generationId, out _, out var key))
        {
            return [];
        }

        return [Refund.Prefix + refundId, Admission.RowKeyOf(key)];
    }

    /// <summary>The row of the refund that a customer can ask for.</summary>
    public static string RowKeyOf(string generationId) => Refund.Prefix + ManualIdOf(generationId);

    /// <summary>The generation that a refund id belongs to; null when it is not a refund's id.</summary>
    public static string? GenerationOf(string refundId) =>
        Ids.TryParse("rfd", refundId, out _, out var key) && key.Length > 1 ? string.Concat("gen_", refundId.AsSpan(4, refundId.Length - 5)) : null;

    private static string ManualIdOf(string generationId) => IdOf(generationId, "m");

    private static string IdOf(string generationId, string kind) => string.Concat("rfd_", generationId.AsSpan(4), kind);

    private static Generation Owe(UnitOfWork unit, Generation generation, Refund refund)
    {
        if (refund.Overage)
        {
            RefundPosting.TakeOffMonth(unit, generation.Overage!);
        }

        unit.Put(refund);
        unit.Workspace = unit.Workspace with { PendingRefunds = unit.Workspace.PendingRefunds + 1 };
        return generation with { Owed = new OwedRefund((generation.Owed?.Credits ?? Credits.Zero) + refund.Credits, refund.Overage || generation.Owed is { Overage: true }) };
    }

    /// <summary>What is still owed after a refund was carried out.</summary>
    private static OwedRefund? Less(OwedRefund? owed, Refund refund) =>
        owed?.Credits > refund.Credits ? new OwedRefund(owed.Credits - refund.Credits, owed.Overage && !refund.Overage) : null;

    private static Refusal NotEligible(string detail) => new(Billing.RefusalCodes.RefundNotEligible, detail);
}
