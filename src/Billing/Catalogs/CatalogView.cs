using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Billing.RateLimits;

namespace Billing.Catalogs;

/// <summary>A catalog as customers see it: the answer of <c>GET /plans</c>. Plain data, to be serialized in snake_case.</summary>
/// <param name="DefaultPlan">Id of the plan that accounts start on; null for none.</param>
/// <param name="SignUpCredits">Granted once at sign-up; null for none.</param>
/// <param name="Templates">All templates and template patterns; empty for a product without.</param>
public sealed record CatalogView(
    string Product,
    string Name,
    string? DefaultPlan,
    Credits? SignUpCredits,
    ImmutableArray<PlanView> Plans,
    LimitsView WithoutPlan,
    PricingView Pricing,
    ImmutableArray<Template> Templates,
    TopUpOffer? TopUps,
    string ActionUrl,
    Contact? Contact,
    RateLimitView? TestRateLimit)
{
    internal static CatalogView Of(Catalog catalog) => new(
        catalog.Product,
        catalog.Name,
        catalog.DefaultPlan?.Id,
        catalog.SignUpGrant,
        [.. catalog.Plans.Select(plan => new PlanView(plan))],
        new LimitsView(catalog.Base),
        new PricingView(
            catalog.Pricing.Version,
            [.. catalog.Pricing.Form.Fields.Select(field => field.View())],
            [.. catalog.Pricing.Factors.Select(factor => factor.View())]),
        catalog.Pricing.Form.Templates,
        catalog.TopUps,
        catalog.BuyUrl,
        catalog.Contact,
        catalog.TestRateLimit is { } test ? RateLimitView.Of(test) : null);
}

/// <summary>What a plan grants and allows, or what holds without one.</summary>
public class LimitsView
{
    internal LimitsView(Plan plan)
    {
        RateLimit = RateLimitView.Of(plan.Limits.Rate);
        Entitlements = plan.Entitlements;
        Limits = PlanLimit.All.ToDictionary(limit => limit.Name, limit => plan.Limits.Most.TryGetValue(limit.Name, out var most) ? (object?)most : null);
    }

    public RateLimitView RateLimit { get; }

    public ImmutableSortedDictionary<string, Scalar> Entitlements { get; }

    /// <summary>Each of <see cref="PlanLimit.All"/>, as a field beside the others.</summary>
    [JsonExtensionData]
    public Dictionary<string, object?> Limits { get; }
}

/// <summary>A plan as customers see it.</summary>
public sealed class PlanView : LimitsView
{
    private readonly Plan _plan;

    internal PlanView(Plan plan)
        : base(plan) => _plan = plan;

    public string Id => _plan.Id;

    public string Name => _plan.Name;

    /// <summary>Credits a month; null when chosen within <see cref="AllowanceRange"/>.</summary>
    public Credits? MonthlyAllowance => _plan.Allowance.Fixed;

    public Allowance? AllowanceRange => _plan.Allowance.Fixed is null ? _plan.Allowance : null;

    public bool Free => _plan.Free;

    public Money? Price => _plan.Price;

    public string Billing => _plan.Billing == BillingInterval.Once ? "once" : "monthly";

    public Money? Overage => _plan.OverageUnitPrice;

    /// <summary>Whether it ends at its allowance: nothing beyond it is admitted.</summary>
    public bool HardStop => _plan.HardStop;

    public ImmutableSortedSet<string>? TemplateTiers => _plan.TemplateTiers;
}

/// <summary>A rate limit.</summary>
/// <param name="Kind"><c>sliding</c> or <c>fixed_hour</c>.</param>
/// <param name="Counts"><c>requests</c> or <c>generations</c>.</param>
public sealed record RateLimitView(int Limit, int WindowSeconds, string Kind, string Counts = "requests")
{
    internal static RateLimitView Of(RateLimit rate) =>
        new(rate.Limit, rate.WindowSeconds, rate.Kind == RateLimitKind.Sliding ? "sliding" : "fixed_hour", rate.Counts == RateUnit.Generations ? "generations" : "requests");
}

/// <summary>How a generation is priced: the product of all factors.</summary>
public sealed record PricingView(string Version, ImmutableArray<FieldView> Fields, ImmutableArray<FactorView> Factors);

/// <summary>A request field.</summary>
/// <param name="Type"><c>choice</c>, <c>integer</c>, <c>text</c> or <c>template</c>.</param>
/// <param name="Required">Whether a request must have it.</param>
/// <param name="Default">What holds when it is left out; null when nothing, or the template's own, does.</param>
/// <param name="Max">Of an integer; of a text, its longest length.</param>
public sealed record FieldView(
    string Name, string Type, bool Required, Scalar? Default, long? Min, long? Max)
{
    /// <summary>Of a choice: in any case.</summary>
    public ImmutableArray<string>? Choices { get; init; }

    /// <summary>Of a choice: other word → choice; null for none.</summary>
    public ImmutableSortedDictionary<string, string>? Synonyms { get; init; }

    /// <summary>The template attribute that is its default; null for none.</summary>
    public string? DefaultFrom { get; init; }

    /// <summary>The template attribute that is its least value, where a template has it; null for none.</summary>
    public string? Floor { get; init; }
}
