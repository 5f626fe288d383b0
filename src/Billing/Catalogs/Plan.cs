using System.Collections.Immutable;

namespace Billing.Catalogs;

/// <summary>How often a plan is paid for. Its credits renew monthly either way.</summary>
public enum BillingInterval
{
    Monthly,

    Once,
}

/// <summary>What a workspace can subscribe to.</summary>
/// <param name="Id">As in requests: <c>starter</c>.</param>
/// <param name="Name">As people read it: <c>Starter</c>.</param>
/// <param name="Free">Whether it costs nothing; a free plan has no overage, and one who leaves it for a paid plan starts a new subscription.</param>
/// <param name="Price">Per <paramref name="Billing"/> interval; null when it is set by the seller outside this catalog.</param>
/// <param name="Billing">How often the price is paid.</param>
/// <param name="OverageUnitPrice">Price of one generation that the credits left cannot cover; null when those are refused.</param>
/// <param name="HardStop">Whether the catalog says that it ends at its allowance: nothing beyond it is admitted.</param>
/// <param name="TemplateTiers">The tiers of templates it may use; null for all of them.</param>
/// <param name="Entitlements">Facts for the generation service and the customer's own display (watermark, quality, priority, support, …), passed through.</param>
public sealed record Plan(
    string Id,
    string Name,
    Allowance Allowance,
    bool Free,
    Money? Price,
    BillingInterval Billing,
    Money? OverageUnitPrice,
    bool HardStop,
    Limits Limits,
    ImmutableSortedSet<string>? TemplateTiers,
    ImmutableSortedDictionary<string, Scalar> Entitlements);
