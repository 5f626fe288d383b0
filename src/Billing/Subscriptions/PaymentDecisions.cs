using System.Collections.Immutable;
using Billing.Catalogs;
using Billing.Events;
using Billing.Workspaces;

namespace Billing.Subscriptions;

/// <param name="OccurredAt">When it happened, as the reporter has it; null for now.</param>
/// <param name="Paid">What was paid; null where nobody says.</param>
public sealed record ReportPayment(PaymentStatus Status, string Reference, DateTimeOffset? OccurredAt = null, Money? Paid = null);

/// <summary>What came of a report.</summary>
/// <param name="Applied">False for a repeat, for what came too late, and where there is nothing to be paid.</param>
public sealed record PaymentReport(bool Applied, Subscription Subscription);

/// <summary>Decisions on payments: the subscription is paused while its newest one is unpaid, in whatever order news of them comes.</summary>
public static class PaymentDecisions
{
    // The reporter's clock may be a little ahead of ours.
    private static readonly TimeSpan MostSkew = TimeSpan.FromMinutes(5);

    /// <summary>Pauses or resumes. A renewal that fell due while paused is granted on resuming, for the current period only.</summary>
    public static Outcome<PaymentReport> Report(UnitOfWork unit, Catalog catalog, ReportPayment command)
    {
        if (unit.Workspace.Subscription is not { Ended: false } subscription)
        {
            return Refusal.Conflict("The workspace has no subscription that a payment could be for.");
        }

        if (command.OccurredAt > unit.Now + MostSkew)
        {
            return Refusal.Invalid("occurred_at", "must not be in the future");
        }

        if (command is { Paid: not null, Status: < PaymentStatus.Succeeded })
        {
            return Refusal.Invalid("paid", "can only be told of a payment that succeeded");
        }

        var known = unit.TryFind<Payment>(Payment.KeyOf(command.Reference), out var former) ? former : null;
        if (command.Paid is { } paid && known?.Paid is { } told && paid != told)
        {
            return Refusal.Conflict($"Of the payment {command.Reference} it was said otherwise what was paid.");
        }

        if (command.Status <= known?.Status)
        {
            return new Outcome<PaymentReport>.AlreadyApplied(new PaymentReport(Applied: false, subscription));
        }

        var at = Instants.Milliseconds(Instants.Earliest(command.OccurredAt, unit.Now)!.Value);
        var payment = new Payment
        {
            Reference = command.Reference,
            Status = command.Status,
            Paid = known?.Paid ?? command.Paid,
            FirstAt = known?.FirstAt ?? at,
            ReportedAt = unit.Now,
        };
        unit.Put(payment);
        if (PaymentStanding.After(subscription.Payments, payment.FirstAt, (payment.IsPaid ? 1 : 0) - (known?.IsPaid == true ? 1 : 0)) is { } standing)
        {
            unit.Workspace = unit.Workspace with
            {
                Subscription = subscription with { Payments = standing, PaymentReference = command.Reference, Paid = (payment.IsPaid ? payment.Paid : null) ?? subscription.Paid },
            };
            Follow(unit, catalog, standing, at);
        }

        return new PaymentReport(!subscription.Current.Free, unit.Workspace.Subscription!);
    }

    private static void Follow(UnitOfWork unit, Catalog catalog, PaymentStanding standing, DateTimeOffset at)
    {
        var subscription = unit.Workspace.Subscription!;
        var unpaid = standing.Paid == 0 && !subscription.Current.Free;
        if (unpaid == (subscription.Paused || subscription.PausesAt is not null))
        {
            return;
        }

        if (!unpaid)
        {
            unit.Workspace = unit.Workspace with { Subscription = subscription with { Paused = false, PausesAt = null } };
            if (subscription.Paused)
            {
                Tell(unit, EventTypes.SubscriptionResumed, unit.Now);
                DueChanges.WaitNoLonger(unit, catalog);
            }

            return;
        }

        var pausesAt = at + catalog.PaymentGrace;
        if (pausesAt > unit.Now)
        {
            unit.Workspace = unit.Workspace with { Subscription = subscription with { PausesAt = pausesAt } };
            return;
        }

        Pause(unit, unit.Now);
    }

    internal static void Pause(UnitOfWork unit, DateTimeOffset at)
    {
        unit.Workspace = unit.Workspace with { Subscription = unit.Workspace.Subscription! with { Paused = true, PausesAt = null } };
        Tell(unit, EventTypes.SubscriptionPaused, at);
    }

    internal static void Tell(UnitOfWork unit, string type, DateTimeOffset at)
    {
        var subscription = unit.Workspace.Subscription!;
        unit.Tell(type, at, ImmutableSortedDictionary<string, Scalar>.Empty
            .Add("plan", Scalar.Of(subscription.Current.Plan))
            .Add("reference", Scalar.Of(subscription.PaymentReference ?? "")));
    }
}
