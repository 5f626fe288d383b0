using System.Collections.Immutable;
using Billing.Catalogs;
using Billing.Events;
using Billing.Overage;
using Billing.Workspaces;

namespace Billing.Subscriptions;

/// <summary>
/// Brings an account up to an instant: grants that expired, the renewal, the end of a canceled subscription, the close of an overage month, each at
/// the instant it was due. Whoever touches an account does this first, so a late timer is never visible; timers only make sure that someone touches it.
/// </summary>
public static class DueChanges
{
    /// <summary>No commit carries out more than this; the rest follows in the next.</summary>
    public const int MaxSteps = 16;

    /// <summary>When something is due next; null when time alone changes nothing.</summary>
    public static DateTimeOffset? NextDueAt(Workspace workspace) =>
        Instants.Earliest(workspace.Grants.NextExpiryAt, workspace.Subscription?.DueAt, workspace.Subscription?.PausesAt, workspace.Overage.DueAt);

    /// <summary>Carries out what is due by the draft's instant, in order of time, at most <paramref name="maxSteps"/>.</summary>
    public static bool To(UnitOfWork unit, Catalog catalog, int maxSteps = MaxSteps)
    {
        var before = unit.Workspace.Balance;
        var credited = unit.Workspace.EntriesByType.GetValueOrDefault(EntryType.Purchase);
        for (var step = 0; NextStepAt(unit.Workspace, unit.Now) is { } dueAt && dueAt <= unit.Now; step++)
        {
            if (step == maxSteps)
            {
                return false;
            }

            Step(unit, catalog, dueAt);
        }

        if (unit.Workspace.EntriesByType.GetValueOrDefault(EntryType.Purchase) == credited)
        {
            Alerts.AfterSpending(unit, catalog, before);
        }

        return true;
    }

    /// <summary>The account as it is at an instant, for reading: what <see cref="To"/> would make of it, without writing.</summary>
    public static Workspace Project(Workspace workspace, Catalog catalog, DateTimeOffset now)
    {
        if (NextDueAt(workspace) is not { } dueAt || dueAt > now)
        {
            return workspace;
        }

        var unit = new UnitOfWork(workspace, now);
        To(unit, catalog, int.MaxValue);
        return unit.Workspace;
    }

    /// <summary>
    /// Renews or ends a subscription that waited past its period for a payment and has to wait no longer, because it was paid, canceled or changed to a free
    /// plan. That happens now, for the current period: the ledger does not go back in time.
    /// </summary>
    internal static void WaitNoLonger(UnitOfWork unit, Catalog catalog)
    {
        if (unit.Workspace.Subscription is { } subscription && subscription.DueAt <= unit.Now)
        {
            RenewOrEnd(unit, catalog, BillingPeriod.Containing(subscription.AnchorAt, unit.Now), unit.Now);
        }
    }

    /// <summary>Grants the allowance of a period, and what was chosen for it.</summary>
    internal static void GrantAllowance(UnitOfWork unit, Catalog catalog, Subscription subscription, BillingPeriod period, DateTimeOffset at)
    {
        var choice = subscription.Next ?? subscription.Current;
        var missed = Math.Max(0, period.Index - subscription.Period - 1);
        unit.Workspace = unit.Workspace with
        {
            Subscription = subscription with
            {
                Current = choice,
                Next = null,
                Allowance = choice.Allowance,
                Period = period.Index,
                AllowanceGrant = unit.Workspace.Entries + 1,
                Paid = choice == subscription.Current ? subscription.Paid : null,
                PausesAt = choice.Free ? null : subscription.PausesAt,
                Payments = choice.Free && !subscription.Current.Free && subscription.Payments is { } payments ? payments with { Former = true } : subscription.Payments,
            },
        };

        // A free plan that starts is neither a renewal nor bought.
        var begins = choice.Free && subscription.AllowanceGrant == 0;
        var (type, what) = begins ? (EntryType.Grant, "Plan started") : (EntryType.Purchase, "Monthly renewal");
        unit.Credit(GrantKind.Plan, period.EndsAt, new LedgerLine(type, choice.Allowance, $"{what}: {catalog.NameOf(choice.Plan)} plan")
        {
            At = at,
            Metadata = missed == 0 ? null : ImmutableSortedDictionary<string, Scalar>.Empty.Add("missed_periods", Scalar.Of(missed)),
        }, PriceOf(catalog, unit.Workspace.Subscription!));
    }

    /// <summary>
    /// What a month of the current plan costs: its price in the catalog, or where the seller has prices elsewhere what was paid last. Null where neither is known,
    /// and for a plan that is paid once: what a month of that is worth is a matter of its books.
    /// </summary>
    private static Money? PriceOf(Catalog catalog, Subscription subscription) =>
        catalog.TryGetPlan(subscription.Current.Plan, out var plan) && plan is { Free: false, Billing: BillingInterval.Monthly } ? plan.Price ?? subscription.Paid : null;

    private static void TellRenewed(UnitOfWork unit, DateTimeOffset at)
    {
        var subscription = unit.Workspace.Subscription!;
        unit.Tell(EventTypes.CreditsRenewed, at, ImmutableSortedDictionary<string, Scalar>.Empty
            .Add("plan", Scalar.Of(subscription.Current.Plan))
            .Add("credits", Scalar.Of(unit.Workspace.Balance.ToDecimal()))
            .Add("monthly_allowance", Scalar.Of(subscription.Allowance.ToDecimal()))
            .Add("renews_at", Scalar.Of(Instants.Text(subscription.PeriodEndsAt))));
    }

    /// <summary>When the next step took place: a renewal that was missed for months comes with the current period, behind what fell due before that.</summary>
    private static DateTimeOffset? NextStepAt(Workspace workspace, DateTimeOffset now)
    {
        var renewsAt = workspace.Subscription?.DueAt;
        if (renewsAt <= now && workspace.Subscription is { Canceled: false } subscription)
        {
            renewsAt = BillingPeriod.Containing(subscription.AnchorAt, now).StartsAt;
        }

        return Instants.Earliest(workspace.Grants.NextExpiryAt, renewsAt, workspace.Subscription?.PausesAt, workspace.Overage.DueAt);
    }

    private static void Step(UnitOfWork unit, Catalog catalog, DateTimeOffset dueAt)
    {
        if (unit.Workspace.Grants.FirstExpired(dueAt) is { } expired)
        {
            unit.End(expired, dueAt);
        }
        else if (unit.Workspace.Overage.DueAt <= dueAt)
        {
            MonthClose.Close(unit);
        }
        else if (unit.Workspace.Subscription!.PausesAt <= dueAt)
        {
            PaymentDecisions.Pause(unit, dueAt);
        }
        else
        {
            // After a downtime of months only the current period is granted: nothing rolls over, so the missed ones would have expired unspent.
            var subscription = unit.Workspace.Subscription!;
            var period = subscription.Canceled ? BillingPeriod.At(subscription.AnchorAt, subscription.Period + 1) : BillingPeriod.Containing(subscription.AnchorAt, unit.Now);
            RenewOrEnd(unit, catalog, period, period.StartsAt);
        }
    }

    private static void RenewOrEnd(UnitOfWork unit, Catalog catalog, BillingPeriod period, DateTimeOffset at)
    {
        var subscription = unit.Workspace.Subscription!;
        if (subscription.Canceled && (catalog.DefaultPlan is null || unit.Workspace.ClosedAt is not null))
        {
            unit.Workspace = unit.Workspace with { Subscription = subscription with { Ended = true, Paused = false, PausesAt = null, Next = null } };
            TellEnded(unit, subscription, next: null, at);
            return;
        }

        GrantAllowance(unit, catalog, subscription.Canceled ? Fallen(subscription, catalog.DefaultPlan!) : subscription with { Paused = false }, period, at);
        if (subscription.Paused)
        {
            // Nothing is to be paid for what it has become.
            PaymentDecisions.Tell(unit, EventTypes.SubscriptionResumed, at);
        }

        if (subscription.Canceled)
        {
            TellEnded(unit, subscription, catalog.DefaultPlan, at);
        }
        else if (subscription.Next is not null)
        {
            SubscriptionDecisions.TellChanged(unit, at);
        }

        TellRenewed(unit, at);
    }

    private static void TellEnded(UnitOfWork unit, Subscription ended, Plan? next, DateTimeOffset at)
    {
        var data = ImmutableSortedDictionary<string, Scalar>.Empty.Add("plan", Scalar.Of(ended.Current.Plan));
        unit.Tell(EventTypes.SubscriptionEnded, at, next is null ? data : data.Add("next_plan", Scalar.Of(next.Id)));
    }

    /// <summary>What a subscription that ends becomes where the product has a default plan: nobody falls below it, and the anniversary stays.</summary>
    private static Subscription Fallen(Subscription subscription, Plan plan) => subscription with
    {
        Next = new PlanChoice(plan.Id, plan.Allowance.Min, plan.Free),
        Canceled = false,
        Paused = false,
    };
}
