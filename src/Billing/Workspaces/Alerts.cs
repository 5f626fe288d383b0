using System.Collections.Immutable;
using Billing.Catalogs;
using Billing.Events;

namespace Billing.Workspaces;

/// <summary>When <c>credits.low</c> and <c>credits.exhausted</c> fire: once for each crossing, then not before credits are added.</summary>
internal static class Alerts
{
    /// <summary>Looks at the balance after it fell from <paramref name="before"/>.</summary>
    public static void AfterSpending(UnitOfWork unit, Catalog catalog, Credits before)
    {
        if (unit.Workspace.Subscribers.IsEmpty || unit.Workspace.Balance >= before)
        {
            return;
        }

        var low = unit.Workspace.Subscribers
            .Where(one => one.LowArmed && ThresholdOf(one, unit.Workspace, catalog) is { } threshold && unit.Workspace.Balance <= threshold)
            .ToImmutableArray();
        Fire(unit, EventTypes.CreditsLow, low, one => one with { LowArmed = false });
        if (unit.Workspace.Balance == Credits.Zero)
        {
            Exhausted(unit);
        }
    }

    /// <summary>Credits are used up: the balance arrived at zero, or a generation was refused or went on overage.</summary>
    public static void Exhausted(UnitOfWork unit) => Fire(
        unit,
        EventTypes.CreditsExhausted,
        [.. unit.Workspace.Subscribers.Where(one => one.ExhaustedArmed)],
        one => one with { ExhaustedArmed = false });

    public static void Rearm(UnitOfWork unit) => unit.Workspace = unit.Workspace with
    {
        Subscribers = [.. unit.Workspace.Subscribers.Select(one => one with { LowArmed = true, ExhaustedArmed = true })],
    };

    /// <summary>The balance at which an endpoint wants <c>credits.low</c>; null where there is neither its own threshold nor an allowance.</summary>
    public static Credits? ThresholdOf(Subscriber subscriber, Workspace workspace, Catalog catalog) =>
        subscriber.LowThreshold ?? (workspace.Subscription is { Ended: false } subscription
            ? new Credits(subscription.Allowance.Thousandths * catalog.LowCreditsPercent / 100)
            : null);

    private static void Fire(UnitOfWork unit, string type, ImmutableArray<Subscriber> crossed, Func<Subscriber, Subscriber> disarm)
    {
        if (crossed.IsEmpty)
        {
            return;
        }

        unit.Workspace = unit.Workspace with
        {
            Subscribers = [.. unit.Workspace.Subscribers.Select(one => crossed.Contains(one) ? disarm(one) : one)],
        };
        var data = ImmutableSortedDictionary<string, Scalar>.Empty
            .Add("credits", Scalar.Of(unit.Workspace.Balance.ToDecimal()))
            .Add("monthly_allowance", Scalar.Of(unit.Workspace.MonthlyAllowance.ToDecimal()));
        unit.Tell(type, unit.Now, data, [.. crossed.Where(one => one.Events.Contains(type)).Select(one => one.Id)]);
    }
}
