using System.Collections.Immutable;
using Billing.Catalogs;
using Billing.Events;
using Billing.Workspaces;

namespace Billing.Subscriptions;

public enum PaymentStatus
{
    Failed,

    Pending,

    Succeeded,
}

public sealed record ReportPayment(PaymentStatus Status, string Reference);

/// <summary>Decisions on payments: a failed or pending one pauses, a succeeded one resumes.</summary>
public static class PaymentDecisions
{
    /// <summary>Pauses or resumes. A renewal that fell due while paused is granted on resuming, for the current period only.</summary>
    public static Outcome<Subscription> Report(UnitOfWork unit, Catalog catalog, ReportPayment command)
    {
        if (unit.Workspace.Subscription is not { Ended: false } subscription)
        {
            return Refusal.Conflict("The workspace has no subscription that a payment could be for.");
        }

        var paused = command.Status != PaymentStatus.Succeeded;
        if (paused == subscription.Paused)
        {
            return new Outcome<Subscription>.AlreadyApplied(subscription);
        }

        unit.Workspace = unit.Workspace with { Subscription = subscription with { Paused = paused, PaymentReference = command.Reference } };
        Tell(unit, paused ? EventTypes.SubscriptionPaused : EventTypes.SubscriptionResumed, command);
        DueChanges.WaitNoLonger(unit, catalog);
        return unit.Workspace.Subscription!;
    }

    private static void Tell(UnitOfWork unit, string type, ReportPayment command) =>
        unit.Tell(type, unit.Now, ImmutableSortedDictionary<string, Scalar>.Empty
            .Add("plan", Scalar.Of(unit.Workspace.Subscription!.Current.Plan))
            .Add("reference", Scalar.Of(command.Reference)));
}
