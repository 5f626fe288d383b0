using Billing.Catalogs;
using Billing.Renewals;

namespace Billing.Accounts;

/// <summary>Puts a workspace on a plan.</summary>
/// <param name="Plan">Plan id.</param>
/// <param name="Credits">Monthly credits, for plans where they are chosen.</param>
/// <param name="StartedAt">Billing anniversary of a new subscription, when it is not now.</param>
public sealed record Subscribe(string Plan, Credits? Credits, DateTimeOffset? StartedAt);

/// <summary>Decisions on subscriptions: start, change, cancel.</summary>
public static class SubscriptionDecisions
{
    private static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// Starts a subscription where there is none or only a free one; else changes the plan: what is left is kept, the new allowance comes with the next
    /// renewal, the new limits at once when the allowance is larger. A canceled subscription that still runs goes on.
    /// </summary>
    public static Outcome<Subscription> Subscribe(Draft draft, Catalog catalog, Subscribe command)
    {
        if (!catalog.TryGetPlan(command.Plan, out var plan))
        {
            return Refusal.Invalid("plan", $"{catalog.Name} has no such plan; it has {string.Join(", ", catalog.Plans.Select(one => one.Id))}");
        }

        if (!plan.TryAllowance(command.Credits, out var allowance, out var refusal))
        {
            return refusal;
        }

        if (command.StartedAt is { } at && (at > draft.Now || at < Earliest))
        {
            return Refusal.Invalid("started_at", "must be in the past, and not before the year 2000");
        }

        var choice = new PlanChoice(plan.Id, allowance);
        var subscription = draft.Account.Subscription;
        if (subscription is null or { Ended: true } || (IsFree(catalog, subscription) && !plan.Free))
        {
            return Start(draft, catalog, choice, command.StartedAt ?? draft.Now);
        }

        return command.StartedAt is { } other && other != subscription.AnchorAt
            ? Refusal.Invalid("started_at", $"the subscription runs since {Instants.Text(subscription.AnchorAt)}; only a new one can be given a start")
            : Change(draft, subscription, choice);
    }

    /// <summary>Lets the subscription end with its period.</summary>
    public static Outcome<Subscription> Cancel(Draft draft)
    {
        if (draft.Account.Subscription is not { } subscription)
        {
            return Refusal.Conflict("The workspace has no subscription to cancel.");
        }

        if (subscription.Canceled)
        {
            return new Outcome<Subscription>.AlreadyApplied(subscription);
        }

        return Set(draft, subscription with { Canceled = true, Next = null });
    }

    private static bool IsFree(Catalog catalog, Subscription subscription) =>
        catalog.TryGetPlan(subscription.Current.Plan, out var plan) && plan.Free;

    private static Outcome<Subscription> Start(Draft draft, Catalog catalog, PlanChoice choice, DateTimeOffset anchor)
    {
        if (draft.Account.Subscription is { } former && draft.Account.Grants.Find(former.AllowanceGrant) is { } unused)
        {
            draft.End(unused, draft.Now);
        }

        var period = BillingPeriod.Containing(anchor, draft.Now);
        Advance.GrantAllowance(
            draft,
            catalog,
            new Subscription { Current = choice, Allowance = choice.Allowance, AnchorAt = anchor, Period = period.Index },
            period,
            draft.Now);
        return draft.Account.Subscription!;
    }

    private static Outcome<Subscription> Change(Draft draft, Subscription subscription, PlanChoice choice)
    {
        var current = choice.Allowance > subscription.Current.Allowance ? choice : subscription.Current;
        var changed = subscription with
        {
            Canceled = false,
            Current = current,
            Next = choice == current && choice.Allowance == subscription.Allowance ? null : choice,
        };
        return changed == subscription ? new Outcome<Subscription>.AlreadyApplied(subscription) : Set(draft, changed);
    }

    private static Subscription Set(Draft draft, Subscription subscription)
    {
        draft.Account = draft.Account with { Subscription = subscription };
        return subscription;
    }
}
