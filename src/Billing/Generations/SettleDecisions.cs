using System.Diagnostics.CodeAnalysis;
using Billing.Accounts;
using Billing.Refunds;

namespace Billing.Generations;

/// <summary>A generation was delivered.</summary>
/// <param name="Id">Which.</param>
/// <param name="SucceededUnits">How much of it; null for all.</param>
public sealed record Complete(string Id, long? SucceededUnits);

/// <summary>A generation failed.</summary>
/// <param name="Id">Which.</param>
/// <param name="Reason">One of <see cref="RefundReasons"/>.</param>
public sealed record Fail(string Id, string Reason);

/// <summary>A generation and the admission it is stored with.</summary>
public sealed record Settled(Generation Generation, Admission Admission, Account Account);

/// <summary>Decisions that end a generation. The first one stands; its slot is free at once, credits come back through the refunds queue.</summary>
public static class SettleDecisions
{
    /// <summary>Delivered, in whole or in part; what was not is refunded pro rata.</summary>
    public static Outcome<Settled> Complete(Draft draft, Complete command)
    {
        if (!TryFind(draft, command.Id, out var admission, out var generation))
        {
            return Refusal.NotFound("generation");
        }

        var succeeded = command.SucceededUnits ?? generation.Units;
        if (succeeded < 0 || succeeded > generation.Units)
        {
            return Refusal.Invalid("succeeded_units", $"must be from 0 to the {generation.Units} that were asked for");
        }

        if (!generation.Runs)
        {
            return generation.Status == GenerationStatus.Completed && generation.SucceededUnits == succeeded
                ? new Outcome<Settled>.AlreadyApplied(new Settled(generation, admission, draft.Account))
                : AlreadySettled(generation);
        }

        var settled = generation with { Status = GenerationStatus.Completed, SettledAt = draft.Now, SucceededUnits = succeeded };
        var kept = generation.Charged.ShareRoundedUp(succeeded, generation.Units);
        return End(draft, admission, settled, generation.Charged - kept, overage: succeeded == 0, "undelivered_units");
    }

    /// <summary>Failed: refunded, unless the reason is the customer's own doing.</summary>
    public static Outcome<Settled> Fail(Draft draft, Fail command)
    {
        if (!TryFind(draft, command.Id, out var admission, out var generation))
        {
            return Refusal.NotFound("generation");
        }

        if (!generation.Runs)
        {
            return generation.Status == GenerationStatus.Failed && generation.Reason == command.Reason
                ? new Outcome<Settled>.AlreadyApplied(new Settled(generation, admission, draft.Account))
                : AlreadySettled(generation);
        }

        var refunded = RefundReasons.Automatic.Contains(command.Reason);
        var settled = generation with { Status = GenerationStatus.Failed, SettledAt = draft.Now, Reason = command.Reason };
        return End(draft, admission, settled, refunded ? generation.Charged : Credits.Zero, refunded, command.Reason);
    }

    /// <summary>Shows life: it expires later.</summary>
    public static Outcome<Settled> Heartbeat(Draft draft, string id, TimeSpan timeToLive)
    {
        if (!TryFind(draft, id, out var admission, out var generation))
        {
            return Refusal.NotFound("generation");
        }

        if (!generation.Runs)
        {
            return AlreadySettled(generation);
        }

        var extended = generation with { ExpiresAt = draft.Now + timeToLive };
        admission = admission.With(extended);
        draft.Put(admission);
        return new Settled(extended, admission, draft.Account);
    }

    /// <summary>Nobody settled it in time: its slot is free and it is refunded.</summary>
    public static void Expire(Draft draft, string id)
    {
        if (TryFindAsStored(draft, id, out var admission, out var generation) && generation.Runs && generation.ExpiresAt <= draft.Now)
        {
            var expired = generation with { Status = GenerationStatus.Expired, SettledAt = generation.ExpiresAt, Reason = "expired" };
            End(draft, admission, expired, generation.Charged, overage: true, "expired");
        }
    }

    /// <summary>Finds a generation; one that is past its time has expired for whoever looks.</summary>
    public static bool TryFind(Draft draft, string id, [NotNullWhen(true)] out Admission? admission, [NotNullWhen(true)] out Generation? generation)
    {
        Expire(draft, id);
        return TryFindAsStored(draft, id, out admission, out generation);
    }

    /// <summary>The rows that a generation can be stored in: while its admission runs, and after.</summary>
    public static (string Running, string Settled) RowKeysOf(string key)
    {
        var admission = key.Split('-')[0];
        return (Admission.RunningPrefix + admission, Admission.SettledPrefix + admission);
    }

    private static bool TryFindAsStored(Draft draft, string id, [NotNullWhen(true)] out Admission? admission, [NotNullWhen(true)] out Generation? generation)
    {
        (admission, generation) = (null, null);
        if (!Ids.TryParse("gen", id, out var workspaceId, out var key) || workspaceId != draft.Account.WorkspaceId)
        {
            return false;
        }

        var (running, settled) = RowKeysOf(key);
        generation = draft.TryFind(running, out admission) || draft.TryFind(settled, out admission) ? admission.Find(id) : null;
        return generation is not null;
    }

    private static Settled End(Draft draft, Admission admission, Generation settled, Credits refund, bool overage, string reason)
    {
        var formerKey = admission.RowKey;
        admission = admission.With(settled);
        draft.Put(admission, formerKey);
        if (!admission.TestMode)
        {
            draft.Account = draft.Account with { Running = draft.Account.Running - 1 };
            RefundDecisions.Automatic(draft, settled, refund, overage && settled.Overage is not null, reason);
        }

        return new Settled(settled, admission, draft.Account);
    }

    private static Refusal AlreadySettled(Generation generation) => new(
        Billing.Refusals.AlreadySettled,
        $"The generation {generation.Status.ToString().ToLowerInvariant()} at {Instants.Text(generation.SettledAt!.Value)}; that stands.");
}
