using System.Collections.Immutable;
using Billing.Accounts;
using Billing.Catalogs;
using Billing.Overage;
using Billing.Webhooks;

namespace Billing.Renewals;

/// <summary>
/// Brings an account up to an instant: grants that expired, the renewal, the end of a canceled subscription, the close of an overage month, each at
/// the instant it was due. Whoever touches an account does this first, so a late timer is never visible; timers only make sure that someone touches it.
/// </summary>
public static class Advance
{
    /// <summary>No commit carries out more than this; the rest follows in the next.</summary>
    public const int MaxSteps = 16;

    /// <summary>When something is due next; null when time alone changes nothing.</summary>
    public static DateTimeOffset? NextDueAt(Account account) =>
        Earliest(Earliest(account.Grants.NextExpiryAt, account.Subscription?.DueAt), account.Overage.DueAt);

    /// <summary>Carries out what is due by the draft's instant, in order of time, at most <paramref name="maxSteps"/>.</summary>
    /// <returns>False when more is due.</returns>
    public static bool To(Draft draft, Catalog catalog, int maxSteps = MaxSteps)
    {
        var before = draft.Account.Balance;
        var credited = draft.Account.EntriesByType.GetValueOrDefault(EntryType.Purchase);
        for (var step = 0; NextStepAt(draft.Account, draft.Now) is { } dueAt && dueAt <= draft.Now; step++)
        {
            if (step == maxSteps)
            {
                return false;
            }

            Step(draft, catalog, dueAt);
        }

        if (draft.Account.EntriesByType.GetValueOrDefault(EntryType.Purchase) == credited)
        {
            Alerts.AfterSpending(draft, catalog, before);
        }

        return true;
    }

    /// <summary>The account as it is at an instant, for reading: what <see cref="To"/> would make of it, without writing.</summary>
    public static Account Project(Account account, Catalog catalog, DateTimeOffset now)
    {
        if (NextDueAt(account) is not { } dueAt || dueAt > now)
        {
            return account;
        }

        var draft = new Draft(account, now);
        To(draft, catalog, int.MaxValue);
        return draft.Account;
    }

    /// <summary>Grants the allowance of a period, and what was chosen for it.</summary>
    internal static void GrantAllowance(Draft draft, Catalog catalog, Subscription subscription, BillingPeriod period, DateTimeOffset at)
    {
        var choice = subscription.Next ?? subscription.Current;
        var missed = Math.Max(0, period.Index - subscription.Period - 1);
        draft.Account = draft.Account with
        {
            Subscription = subscription with
            {
                Current = choice,
                Next = null,
                Allowance = choice.Allowance,
                Period = period.Index,
                AllowanceGrant = draft.Account.Entries + 1,
            },
        };
        draft.Credit(GrantKind.Plan, period.EndsAt, new LedgerLine(EntryType.Purchase, choice.Allowance, $"Monthly renewal: {NameOf(catalog, choice.Plan)} plan")
        {
            At = at,
            Metadata = missed == 0 ? null : ImmutableSortedDictionary<string, Scalar>.Empty.Add("missed_periods", Scalar.Of(missed)),
        });
    }

    /// <summary>Tells of a renewal.</summary>
    internal static void TellRenewed(Draft draft, DateTimeOffset at)
    {
        var subscription = draft.Account.Subscription!;
        draft.Tell(EventTypes.CreditsRenewed, at, ImmutableSortedDictionary<string, Scalar>.Empty
            .Add("plan", Scalar.Of(subscription.Current.Plan))
            .Add("credits", Scalar.Of(draft.Account.Balance.ToDecimal()))
            .Add("monthly_allowance", Scalar.Of(subscription.Allowance.ToDecimal()))
            .Add("renews_at", Scalar.Of(Instants.Text(subscription.PeriodEndsAt))));
    }

    /// <summary>When the next step took place: a renewal that was missed for months comes with the current period, behind what fell due before that.</summary>
    private static DateTimeOffset? NextStepAt(Account account, DateTimeOffset now)
    {
        var renewsAt = account.Subscription?.DueAt;
        if (renewsAt <= now && account.Subscription is { Canceled: false } subscription)
        {
            renewsAt = BillingPeriod.Containing(subscription.AnchorAt, now).StartsAt;
        }

        return Earliest(Earliest(account.Grants.NextExpiryAt, renewsAt), account.Overage.DueAt);
    }

    private static void Step(Draft draft, Catalog catalog, DateTimeOffset dueAt)
    {
        if (draft.Account.Grants.FirstExpired(dueAt) is { } expired)
        {
            draft.End(expired, dueAt);
        }
        else if (draft.Account.Overage.DueAt <= dueAt)
        {
            MonthClose.Close(draft);
        }
        else
        {
            RenewOrEnd(draft, catalog, draft.Account.Subscription!);
        }
    }

    private static void RenewOrEnd(Draft draft, Catalog catalog, Subscription subscription)
    {
        if (subscription.Canceled)
        {
            draft.Account = draft.Account with { Subscription = subscription with { Ended = true, Paused = false, Next = null } };
            return;
        }

        // After a downtime of months only the current period is granted: nothing rolls over, so the missed ones would have expired unspent.
        var period = BillingPeriod.Containing(subscription.AnchorAt, draft.Now);
        GrantAllowance(draft, catalog, subscription, period, period.StartsAt);
        TellRenewed(draft, period.StartsAt);
    }

    private static string NameOf(Catalog catalog, string plan) => catalog.TryGetPlan(plan, out var found) ? found.Name : plan;

    private static DateTimeOffset? Earliest(DateTimeOffset? left, DateTimeOffset? right) => left is null || right < left ? right : left;
}
