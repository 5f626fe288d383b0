using System.Collections.Immutable;
using Billing.Catalogs;
using Billing.Renewals;
using Billing.Webhooks;

namespace Billing.Accounts;

/// <summary>How a payment for a subscription went.</summary>
public enum PaymentStatus
{
    /// <summary>It was refused.</summary>
    Failed,

    /// <summary>It is under way.</summary>
    Pending,

    /// <summary>It arrived.</summary>
    Succeeded,
}

/// <summary>Reports a payment.</summary>
/// <param name="Status">How it went.</param>
/// <param name="Reference">The seller's name for it.</param>
public sealed record ReportPayment(PaymentStatus Status, string Reference);

/// <summary>Decisions on payments: a failed or pending one pauses, a succeeded one resumes.</summary>
public static class PaymentDecisions
{
    /// <summary>Pauses or resumes. A renewal that fell due while paused is granted on resuming, for the current period only.</summary>
    public static Outcome<Subscription> Report(Draft draft, Catalog catalog, ReportPayment command)
    {
        if (draft.Account.Subscription is not { Ended: false } subscription)
        {
            return Refusal.Conflict("The workspace has no subscription that a payment could be for.");
        }

        var paused = command.Status != PaymentStatus.Succeeded;
        if (paused == subscription.Paused)
        {
            return new Outcome<Subscription>.AlreadyApplied(subscription);
        }

        draft.Account = draft.Account with { Subscription = subscription with { Paused = paused, PaymentReference = command.Reference } };
        Tell(draft, paused ? EventTypes.SubscriptionPaused : EventTypes.SubscriptionResumed, command);
        if (!paused && subscription.PeriodEndsAt <= draft.Now)
        {
            Advance.GrantAllowance(draft, catalog, draft.Account.Subscription!, BillingPeriod.Containing(subscription.AnchorAt, draft.Now), draft.Now);
            Advance.TellRenewed(draft, draft.Now);
        }

        return draft.Account.Subscription!;
    }

    private static void Tell(Draft draft, string type, ReportPayment command) =>
        draft.Tell(type, draft.Now, ImmutableSortedDictionary<string, Scalar>.Empty
            .Add("plan", Scalar.Of(draft.Account.Subscription!.Current.Plan))
            .Add("reference", Scalar.Of(command.Reference)));
}
