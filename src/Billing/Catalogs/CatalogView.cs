using System.Collections.Immutable;
using Billing.RateLimits;

namespace Billing.Catalogs;

/// <summary>A catalog as customers see it: the answer of <c>GET /plans</c>. Plain data, to be serialized in snake_case.</summary>
/// <param name="Product">Id of the product.</param>
/// <param name="Name">Its name.</param>
/// <param name="DefaultPlan">Id of the plan that accounts start on; null for none.</param>
/// <param name="SignUpCredits">Granted once at sign-up; null for none.</param>
/// <param name="Plans">All plans.</param>
/// <param name="WithoutPlan">What holds without a plan.</param>
/// <param name="Pricing">How a generation is priced.</param>
/// <param name="Templates">All templates and template patterns; empty for a product without.</param>
/// <param name="TopUps">Bounds of one top-up.</param>
/// <param name="ActionUrl">The pricing page.</param>
public sealed record CatalogView(
    string Product,
    string Name,
    string? DefaultPlan,
    Credits? SignUpCredits,
    ImmutableArray<PlanView> Plans,
    LimitsView WithoutPlan,
    PricingView Pricing,
    ImmutableArray<TemplateView> Templates,
    TopUpsView TopUps,
    string ActionUrl)
{
    internal static CatalogView Of(Catalog catalog) => new(
        catalog.Product,
        catalog.Name,
        catalog.DefaultPlan?.Id,
        catalog.SignUpGrant,
        [.. catalog.Plans.Select(PlanView.Of)],
        LimitsView.Of(catalog.BaseLimits, catalog.BaseEntitlements),
        PricingView.Of(catalog.Pricing),
        [.. catalog.Pricing.Form.Templates.Select(template => new TemplateView(template.Id, template.Tier, template.Attributes))],
        new TopUpsView(catalog.TopUps.Min, catalog.TopUps.Max),
        catalog.ActionUrl);
}

/// <summary>A plan as customers see it.</summary>
/// <param name="Id">As in requests.</param>
/// <param name="Name">As people read it.</param>
/// <param name="MonthlyAllowance">Credits a month; null when chosen within <paramref name="AllowanceRange"/>.</param>
/// <param name="AllowanceRange">What can be chosen; null for a fixed allowance.</param>
/// <param name="Free">Whether it costs nothing.</param>
/// <param name="Price">Null when it is set by the seller.</param>
/// <param name="Billing"><c>monthly</c> or <c>once</c>.</param>
/// <param name="Overage">Price of one overage unit; null when there is no overage.</param>
/// <param name="RateLimit">Requests per key.</param>
/// <param name="Concurrency">Most generations at once; null for no limit.</param>
/// <param name="TemplateTiers">Template tiers it may use; null for all.</param>
/// <param name="Entitlements">Everything else it gives.</param>
public sealed record PlanView(
    string Id,
    string Name,
    Credits? MonthlyAllowance,
    AllowanceRangeView? AllowanceRange,
    bool Free,
    Money? Price,
    string Billing,
    Money? Overage,
    RateLimitView RateLimit,
    int? Concurrency,
    ImmutableSortedSet<string>? TemplateTiers,
    ImmutableSortedDictionary<string, Scalar> Entitlements)
{
    internal static PlanView Of(Plan plan) => new(
        plan.Id,
        plan.Name,
        plan.Allowance.Fixed,
        plan.Allowance.Fixed is null ? new AllowanceRangeView(plan.Allowance.Min, plan.Allowance.Max) : null,
        plan.Free,
        plan.Price,
        plan.Billing == BillingInterval.Once ? "once" : "monthly",
        plan.OverageUnitPrice,
        RateLimitView.Of(plan.Limits.Rate),
        plan.Limits.Concurrency,
        plan.TemplateTiers,
        plan.Entitlements);
}

/// <summary>Bounds of an allowance to choose.</summary>
/// <param name="Min">Fewest credits a month.</param>
/// <param name="Max">Most; null for no bound of the plan's.</param>
public sealed record AllowanceRangeView(Credits Min, Credits? Max);

/// <summary>A rate limit.</summary>
/// <param name="Limit">Requests in one window.</param>
/// <param name="WindowSeconds">Length of the window.</param>
/// <param name="Kind"><c>sliding</c> or <c>fixed_hour</c>.</param>
public sealed record RateLimitView(int Limit, int WindowSeconds, string Kind)
{
    internal static RateLimitView Of(RateLimit rate) =>
        new(rate.Limit, rate.WindowSeconds, rate.Kind == RateLimitKind.Sliding ? "sliding" : "fixed_hour");
}

/// <summary>What holds for a workspace without a plan.</summary>
/// <param name="RateLimit">Requests per key.</param>
/// <param name="Concurrency">Most generations at once; null for no limit.</param>
/// <param name="Entitlements">Everything else it gives.</param>
public sealed record LimitsView(RateLimitView RateLimit, int? Concurrency, ImmutableSortedDictionary<string, Scalar> Entitlements)
{
    internal static LimitsView Of(Limits limits, ImmutableSortedDictionary<string, Scalar> entitlements) =>
        new(RateLimitView.Of(limits.Rate), limits.Concurrency, entitlements);
}

/// <summary>Bounds of one top-up.</summary>
/// <param name="MinCredits">Fewest.</param>
/// <param name="MaxCredits">Most.</param>
public sealed record TopUpsView(Credits MinCredits, Credits MaxCredits);

/// <summary>How a generation is priced: the product of all factors.</summary>
/// <param name="Version">Changes when a price does.</param>
/// <param name="Fields">Request fields.</param>
/// <param name="Factors">Multiplied with one another.</param>
public sealed record PricingView(string Version, ImmutableArray<FieldView> Fields, ImmutableArray<FactorView> Factors)
{
    internal static PricingView Of(Pricing pricing) => new(
        pricing.Version,
        [.. pricing.Form.Fields.Select(field => field.View())],
        [.. pricing.Factors.Select(factor => factor.View())]);
}

/// <summary>A request field.</summary>
/// <param name="Name">As sent.</param>
/// <param name="Type"><c>choice</c>, <c>integer</c>, <c>text</c> or <c>template</c>.</param>
/// <param name="Required">Whether a request must have it.</param>
/// <param name="Default">What holds when it is left out; null when nothing, or the template's own, does.</param>
/// <param name="Choices">Of a choice, its values.</param>
/// <param name="Min">Of an integer.</param>
/// <param name="Max">Of an integer; of a text, its longest length.</param>
/// <param name="Floor">The template attribute that is its least value and its default; null for none.</param>
public sealed record FieldView(
    string Name, string Type, bool Required, Scalar? Default, ImmutableArray<string>? Choices, long? Min, long? Max, string? Floor);

/// <summary>A factor of the price.</summary>
/// <param name="Factor">Its name, as in a price's breakdown.</param>
/// <param name="Kind"><c>constant</c>, <c>lookup</c>, <c>integer</c>, <c>blocks</c> or <c>template</c>.</param>
/// <param name="Field">The request field it reads; null when it reads none.</param>
/// <param name="Values">Of a lookup: choice → value.</param>
/// <param name="Value">Of a constant.</param>
/// <param name="BlockSize">Of blocks: how much of the field one block has.</param>
/// <param name="Attribute">Of a template's factor: which attribute.</param>
public sealed record FactorView(
    string Factor,
    string Kind,
    string? Field,
    ImmutableSortedDictionary<string, decimal>? Values,
    decimal? Value,
    long? BlockSize,
    string? Attribute);

/// <summary>A template, or all whose id begins with what stands before the <c>*</c>.</summary>
/// <param name="Id">Id or pattern.</param>
/// <param name="Tier">What plans allow or not.</param>
/// <param name="Attributes">What prices read of it.</param>
public sealed record TemplateView(string Id, string Tier, ImmutableSortedDictionary<string, Scalar> Attributes);
