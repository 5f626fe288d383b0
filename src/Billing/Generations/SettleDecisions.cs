using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Billing.Catalogs;
using Billing.Workspaces;

namespace Billing.Generations;

/// <summary>A generation ended.</summary>
public abstract record Settle(string Id);

/// <summary>A generation was delivered.</summary>
/// <param name="SucceededUnits">How much of it; null for all.</param>
public sealed record Complete(string Id, long? SucceededUnits) : Settle(Id)
{
    /// <summary>What was known only then, such as the size of the file.</summary>
    public ImmutableSortedDictionary<string, Scalar> Delivered { get; init; } = ImmutableSortedDictionary<string, Scalar>.Empty;
}

public sealed record Fail(string Id, string Reason) : Settle(Id);

public sealed record Settled(Generation Generation, Admission Admission, Workspace Workspace);

/// <summary>Decisions that end a generation. The first one stands; its slot is free at once, credits come back through the refunds queue.</summary>
public static class SettleDecisions
{
    public static Outcome<Settled> Decide(UnitOfWork unit, Catalog catalog, Settle command) => command switch
    {
        Complete complete => Complete(unit, catalog, complete),
        Fail fail => Fail(unit, fail),
        _ => throw new ArgumentOutOfRangeException(nameof(command)),
    };

    /// <summary>Delivered, in whole or in part; what was not is refunded pro rata.</summary>
    public static Outcome<Settled> Complete(UnitOfWork unit, Catalog catalog, Complete command)
    {
        if (!TryFind(unit, command.Id, out var admission, out var generation))
        {
            return Refusal.NotFound("generation");
        }

        var succeeded = command.SucceededUnits ?? generation.Units;
        if (succeeded < 0 || succeeded > generation.Units)
        {
            return Refusal.Invalid("succeeded_units", $"must be from 0 to {generation.Units}, as many as were asked for");
        }

        if (catalog.CheckDelivered(command.Delivered) is { } beyond)
        {
            return beyond;
        }

        if (!generation.Runs)
        {
            return generation.Status == GenerationStatus.Completed && generation.SucceededUnits == succeeded
                ? new Outcome<Settled>.AlreadyApplied(new Settled(generation, admission, unit.Workspace))
                : AlreadySettled(generation);
        }

        var settled = generation with { Status = GenerationStatus.Completed, SettledAt = unit.Now, SucceededUnits = succeeded, Parameters = generation.Parameters.SetItems(command.Delivered) };
        var kept = generation.Charged.ShareRoundedUp(succeeded, generation.Units);
        return End(unit, admission, settled, generation.Charged - kept, overage: succeeded == 0, "undelivered_units");
    }

    /// <summary>Failed: refunded, unless the reason is the customer's own doing.</summary>
    public static Outcome<Settled> Fail(UnitOfWork unit, Fail command)
    {
        if (!TryFind(unit, command.Id, out var admission, out var generation))
        {
            return Refusal.NotFound("generation");
        }

        if (!generation.Runs)
        {
            return generation.Status == GenerationStatus.Failed && generation.Reason == command.Reason
                ? new Outcome<Settled>.AlreadyApplied(new Settled(generation, admission, unit.Workspace))
                : AlreadySettled(generation);
        }

        var refunded = RefundReasons.Automatic.Contains(command.Reason);
        var settled = generation with { Status = GenerationStatus.Failed, SettledAt = unit.Now, Reason = command.Reason };
        return End(unit, admission, settled, refunded ? generation.Charged : Credits.Zero, refunded, command.Reason);
    }

    public static Outcome<Settled> Heartbeat(UnitOfWork unit, string id, TimeSpan timeToLive)
    {
        if (!TryFind(unit, id, out var admission, out var generation))
        {
            return Refusal.NotFound("generation");
        }

        if (!generation.Runs)
        {
            return AlreadySettled(generation);
        }

        // A catalog that gives less time by now takes nothing from what was promised.
        var expiresAt = unit.Now + timeToLive;
        var extended = generation with { ExpiresAt = expiresAt > generation.ExpiresAt ? expiresAt : generation.ExpiresAt };
        admission = admission.With(extended);
        unit.Put(admission);
        return new Settled(extended, admission, unit.Workspace);
    }

    /// <summary>Nobody settled it in time: its slot is free and it is refunded.</summary>
    /// <returns>True when it was so, and (given an instant) so before that.</returns>
    public static bool Expire(UnitOfWork unit, string id, DateTimeOffset? before = null)
    {
        if (!TryFindAsStored(unit, id, out var admission, out var generation) || !generation.Runs || generation.ExpiresAt > unit.Now || generation.ExpiresAt >= before)
        {
            return false;
        }

        var expired = generation with { Status = GenerationStatus.Expired, SettledAt = generation.ExpiresAt, Reason = "expired" };
        End(unit, admission, expired, generation.Charged, overage: true, "expired");
        return true;
    }

    /// <summary>Finds a generation; one that is past its time has expired for whoever looks.</summary>
    public static bool TryFind(UnitOfWork unit, string id, [NotNullWhen(true)] out Admission? admission, [NotNullWhen(true)] out Generation? generation)
    {
        Expire(unit, id);
        return TryFindAsStored(unit, id, out admission, out generation);
    }

    private static bool TryFindAsStored(UnitOfWork unit, string id, [NotNullWhen(true)] out Admission? admission, [NotNullWhen(true)] out Generation? generation)
    {
        (admission, generation) = (null, null);
        if (!Ids.TryParse("gen", id, out _, out var key))
        {
            return false;
        }

        generation = unit.TryFind(Admission.RowKeyOf(key), out admission) ? admission.Find(id) : null;
        return generation is not null;
    }

    private static Settled End(UnitOfWork unit, Admission admission, Generation settled, Credits refund, bool overage, string reason)
    {
        if (!admission.TestMode)
        {
            unit.Workspace = unit.Workspace with { RunningSpans = unit.Workspace.RunningSpans.Settle(admission.Entry) };
            settled = RefundDecisions.Automatic(unit, settled, refund, overage && settled.Overage is not null, reason);
        }

        admission = admission.With(settled);
        unit.Put(admission);
        return new Settled(settled, admission, unit.Workspace);
    }

    private static Refusal AlreadySettled(Generation generation) => new(
        Billing.RefusalCodes.AlreadySettled,
        $"The generation {generation.Status.ToString().ToLowerInvariant()} at {Instants.Text(generation.SettledAt!.Value)}; that stands.");
}
