using System.Collections.Immutable;
using Billing.Catalogs;
using Billing.Events;

namespace Billing.Workspaces;

/// <summary>When <c>credits.low</c> and <c>credits.exhausted</c> fire: once for each crossing, then not before credits are added.</summary>
internal static class Alerts
{
    // The seller wants what the plan says.
    private static readonly Subscriber Seller = new("", [], LowThreshold: null, LowArmed: true, ExhaustedArmed: true);

    /// <summary>Looks at the balance after it fell from <paramref name="before"/>.</summary>
    public static void AfterSpending(UnitOfWork unit, Catalog catalog, Credits before)
    {
        var workspace = unit.Workspace;
        if (workspace.Balance >= before)
        {
            return;
        }

        var low = workspace.Subscribers.IsEmpty ? [] : workspace.Subscribers.Where(one => one.LowArmed && IsLow(one, workspace, catalog)).ToImmutableArray();
        var tellsSeller = !workspace.SellerHeardLow && IsLow(Seller, workspace, catalog);
        if (!low.IsEmpty || tellsSeller)
        {
            unit.Workspace = workspace with { SellerHeardLow = workspace.SellerHeardLow || tellsSeller, Subscribers = Disarmed(workspace, low, one => one with { LowArmed = false }) };
            Tell(unit, EventTypes.CreditsLow, low, tellsSeller);
        }

        if (workspace.Balance == Credits.Zero)
        {
            Exhausted(unit);
        }
    }

    /// <summary>Credits are used up: the balance arrived at zero, or a generation was refused or went on overage.</summary>
    public static void Exhausted(UnitOfWork unit)
    {
        var workspace = unit.Workspace;
        var armed = workspace.Subscribers.IsEmpty ? [] : workspace.Subscribers.Where(one => one.ExhaustedArmed).ToImmutableArray();
        var tellsSeller = !workspace.SellerHeardExhausted;
        if (!armed.IsEmpty || tellsSeller)
        {
            unit.Workspace = workspace with { SellerHeardExhausted = true, Subscribers = Disarmed(workspace, armed, one => one with { ExhaustedArmed = false }) };
            Tell(unit, EventTypes.CreditsExhausted, armed, tellsSeller);
        }
    }

    public static void Rearm(UnitOfWork unit) => unit.Workspace = unit.Workspace with
    {
        SellerHeardLow = false,
        SellerHeardExhausted = false,
        Subscribers = [.. unit.Workspace.Subscribers.Select(one => one with { LowArmed = true, ExhaustedArmed = true })],
    };

    /// <summary>The balance at which an endpoint wants <c>credits.low</c>; null where there is neither its own threshold nor an allowance.</summary>
    public static Credits? ThresholdOf(Subscriber subscriber, Workspace workspace, Catalog catalog) =>
        subscriber.LowThreshold ?? (workspace.Subscription is { Ended: false } subscription
            ? new Credits(subscription.Allowance.Thousandths * catalog.LowCreditsPercent / 100)
            : null);

    private static bool IsLow(Subscriber subscriber, Workspace workspace, Catalog catalog) => workspace.Balance <= ThresholdOf(subscriber, workspace, catalog);

    private static ImmutableArray<Subscriber> Disarmed(Workspace workspace, ImmutableArray<Subscriber> crossed, Func<Subscriber, Subscriber> disarm) =>
        crossed.IsEmpty ? workspace.Subscribers : [.. workspace.Subscribers.Select(one => crossed.Contains(one) ? disarm(one) : one)];

    private static void Tell(UnitOfWork unit, string type, ImmutableArray<Subscriber> crossed, bool tellsSeller)
    {
        ImmutableArray<string> targets = [.. crossed.Where(one => one.Events.Contains(type)).Select(one => one.Id)];
        if (targets.IsEmpty && !tellsSeller)
        {
            return;
        }

        var data = ImmutableSortedDictionary<string, Scalar>.Empty
            .Add("credits", Scalar.Of(unit.Workspace.Balance.ToDecimal()))
            .Add("monthly_allowance", Scalar.Of(unit.Workspace.MonthlyAllowance.ToDecimal()));
        unit.Tell(type, unit.Now, data, targets);
    }
}
