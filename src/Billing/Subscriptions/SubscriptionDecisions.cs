using System.Collections.Immutable;
using Billing.Catalogs;
using Billing.Events;
using Billing.Workspaces;

namespace Billing.Subscriptions;

/// <summary>Puts a workspace on a plan.</summary>
/// <param name="Credits">Monthly credits, for plans where they are chosen.</param>
/// <param name="StartedAt">Billing anniversary of a new subscription, when it is not now.</param>
public sealed record Subscribe(string Plan, Credits? Credits, DateTimeOffset? StartedAt);

public static class SubscriptionDecisions
{
    private static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// Starts a subscription where there is none or only a free one, whose credits are kept until their own end; else changes the plan: what is left is kept,
    /// the new allowance comes with the next renewal or, where the catalog upgrades now, what it has more at once; the new limits at once when the allowance
    /// is larger. A canceled subscription that still runs goes on.
    /// </summary>
    public static Outcome<Subscription> Subscribe(UnitOfWork unit, Catalog catalog, Subscribe command)
    {
        if (!catalog.TryGetSold(command.Plan, out var plan) && !(Has(unit.Workspace, command.Plan) && catalog.TryGetPlan(command.Plan, out plan)))
        {
            return Refusal.Invalid("plan", $"{catalog.Name} has no such plan; it has {string.Join(", ", catalog.Plans.Select(one => one.Id))}");
        }

        if (!plan.Allowance.TryChoose(command.Credits, out var allowance, out var refusal))
        {
            return refusal;
        }

        if (command.StartedAt is { } at && (at > unit.Now || at < Earliest))
        {
            return Refusal.Invalid("started_at", "must be in the past, and not before the year 2000");
        }

        var choice = new PlanChoice(plan.Id, allowance, plan.Free);
        var subscription = unit.Workspace.Subscription;
        if (subscription is null or { Ended: true } || (subscription.Current.Free && !plan.Free))
        {
            return Start(unit, catalog, subscription, choice, Instants.WholeSecond(command.StartedAt ?? unit.Now));
        }

        return command.StartedAt is { } other && Instants.WholeSecond(other) != subscription.AnchorAt
            ? Refusal.Invalid("started_at", $"the subscription runs since {Instants.Text(subscription.AnchorAt)}; only a new one can be given a start")
            : Change(unit, catalog, subscription, choice);
    }

    /// <summary>Lets a subscription end with its period; at once when that is over already.</summary>
    public static Outcome<Subscription> Cancel(UnitOfWork unit, Catalog catalog)
    {
        if (unit.Workspace.Subscription is not { } subscription)
        {
            return Refusal.Conflict("The workspace has no subscription to cancel.");
        }

        if (subscription.Canceled)
        {
            return new Outcome<Subscription>.AlreadyApplied(subscription);
        }

        return Set(unit, catalog, subscription with { Canceled = true, Next = null });
    }

    /// <summary>True of a plan that the workspace is on or has chosen: it may stay on it when it is sold no longer.</summary>
    private static bool Has(Workspace workspace, string plan) =>
        workspace.Subscription is { Ended: false } subscription && (subscription.Current.Plan == plan || subscription.Next?.Plan == plan);

    private static Outcome<Subscription> Start(UnitOfWork unit, Catalog catalog, Subscription? former, PlanChoice choice, DateTimeOffset anchor)
    {
        // What was reported while nothing was to be paid is for the plan that starts now; what another paid plan owed is not.
        var payments = former is { Current.Free: false, Payments: { } owed } ? owed with { Former = true } : former?.Payments;
        var paid = former is { Current.Free: true } ? former.Paid : null;
        var period = BillingPeriod.Containing(anchor, unit.Now);
        DueChanges.GrantAllowance(
            unit,
            catalog,
            new Subscription { Current = choice, Allowance = choice.Allowance, AnchorAt = anchor, Period = period.Index, Payments = payments, Paid = paid },
            period,
            unit.Now);
        TellChanged(unit, unit.Now);
        return unit.Workspace.Subscription!;
    }

    /// <summary>Tells what the subscription is by now, and what it will be.</summary>
    internal static void TellChanged(UnitOfWork unit, DateTimeOffset at)
    {
        var subscription = unit.Workspace.Subscription!;
        var data = ImmutableSortedDictionary<string, Scalar>.Empty
            .Add("plan", Scalar.Of(subscription.Current.Plan))
            .Add("plan_status", Scalar.Of(subscription.Status))
            .Add("monthly_allowance", Scalar.Of(subscription.Allowance.ToDecimal()))
            .Add("period_ends_at", Scalar.Of(Instants.Text(subscription.PeriodEndsAt)));
        unit.Tell(EventTypes.SubscriptionChanged, at, subscription.Next is { } next ? data.Add("next_plan", Scalar.Of(next.Plan)) : data);
    }

    private static Outcome<Subscription> Change(UnitOfWork unit, Catalog catalog, Subscription subscription, PlanChoice choice)
    {
        // A free plan is no upgrade of a paid one, however much it has: whoever paid again after it would be granted the paid one's credits again.
        var mayRise = subscription.Current.Free || !choice.Free;
        var current = mayRise && choice.Allowance > subscription.Current.Allowance ? choice : subscription.Current;
        var more = mayRise && catalog.UpgradesNow && subscription.PeriodEndsAt > unit.Now ? choice.Allowance - subscription.Allowance : Credits.Zero;
        var allowance = more > Credits.Zero ? choice.Allowance : subscription.Allowance;
        var changed = subscription with
        {
            Canceled = false,
            Current = current,
            Paid = current == subscription.Current ? subscription.Paid : null,
            Allowance = allowance,
            Next = choice == current && choice.Allowance == allowance ? null : choice,
        };
        if (changed == subscription)
        {
            return new Outcome<Subscription>.AlreadyApplied(subscription);
        }

        if (more > Credits.Zero && unit.RoomForGrant() is { } full)
        {
            return full;
        }

        Set(unit, catalog, changed);
        if (more > Credits.Zero)
        {
            unit.Credit(GrantKind.Plan, changed.PeriodEndsAt, new LedgerLine(EntryType.Purchase, more, $"Upgrade: {catalog.NameOf(choice.Plan)} plan"));
        }

        return unit.Workspace.Subscription!;
    }

    private static Subscription Set(UnitOfWork unit, Catalog catalog, Subscription subscription)
    {
        unit.Workspace = unit.Workspace with { Subscription = subscription };
        TellChanged(unit, unit.Now);
        DueChanges.WaitNoLonger(unit, catalog);
        return unit.Workspace.Subscription!;
    }
}
