using System.Collections.Immutable;
using Billing.Accounts;
using Billing.Catalogs;

namespace Billing.Webhooks;

/// <summary>When <c>credits.low</c> and <c>credits.exhausted</c> fire: once for each crossing, then not before credits are added.</summary>
internal static class Alerts
{
    /// <summary>Looks at the balance after it fell from <paramref name="before"/>.</summary>
    public static void AfterSpending(Draft draft, Catalog catalog, Credits before)
    {
        if (draft.Account.Subscribers.IsEmpty || draft.Account.Balance >= before)
        {
            return;
        }

        var low = draft.Account.Subscribers
            .Where(one => one.LowArmed && ThresholdOf(one, draft.Account, catalog) is { } threshold && draft.Account.Balance <= threshold)
            .ToImmutableArray();
        Fire(draft, EventTypes.CreditsLow, low, one => one with { LowArmed = false });
        if (draft.Account.Balance == Credits.Zero)
        {
            Exhausted(draft);
        }
    }

    /// <summary>Credits are used up: the balance arrived at zero, or a generation was refused or went on overage.</summary>
    public static void Exhausted(Draft draft) => Fire(
        draft,
        EventTypes.CreditsExhausted,
        [.. draft.Account.Subscribers.Where(one => one.ExhaustedArmed)],
        one => one with { ExhaustedArmed = false });

    /// <summary>Credits were added: the next crossing fires again.</summary>
    public static void Rearm(Draft draft)
    {
        if (draft.Account.Subscribers.All(one => one is { LowArmed: true, ExhaustedArmed: true }))
        {
            return;
        }

        draft.Account = draft.Account with
        {
            Subscribers = [.. draft.Account.Subscribers.Select(one => one with { LowArmed = true, ExhaustedArmed = true })],
        };
    }

    /// <summary>The balance at which an endpoint wants <c>credits.low</c>; null where there is neither its own threshold nor an allowance.</summary>
    public static Credits? ThresholdOf(Subscriber subscriber, Account account, Catalog catalog) =>
        subscriber.LowThreshold ?? (account.Subscription is { Ended: false } subscription
            ? new Credits(subscription.Allowance.Thousandths * catalog.LowCreditsPercent / 100)
            : null);

    private static void Fire(Draft draft, string type, ImmutableArray<Subscriber> crossed, Func<Subscriber, Subscriber> disarm)
    {
        if (crossed.IsEmpty)
        {
            return;
        }

        draft.Account = draft.Account with
        {
            Subscribers = [.. draft.Account.Subscribers.Select(one => crossed.Contains(one) ? disarm(one) : one)],
        };
        var data = ImmutableSortedDictionary<string, Scalar>.Empty
            .Add("credits", Scalar.Of(draft.Account.Balance.ToDecimal()))
            .Add("monthly_allowance", Scalar.Of((draft.Account.Subscription?.Allowance ?? Credits.Zero).ToDecimal()));
        draft.Tell(type, draft.Now, data, [.. crossed.Where(one => one.Events.Contains(type)).Select(one => one.Id)]);
    }
}
