using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Billing.Catalogs.Reading;

namespace Billing.Catalogs;

/// <summary>What one product sells and what it costs. Immutable; made only from a file without mistakes, so that nothing here can fail later.</summary>
/// <remarks>
/// The file is JSON (comments and trailing commas are fine). Members are required unless marked with ?, which may also be null;
/// unknown ones are refused. Credits and factors are decimal numbers, money is <c>{"amount_minor": 2900, "currency": "USD"}</c>, all in one currency.
/// <code>
/// {
///   "product": id, "name": text, "noun": text,      // "Video generation: gen_…"
///   "action_url": address,                           // the pricing page
///   "exhausted_code": "INSUFFICIENT_CREDITS" | "MONTHLY_LIMIT",
///   "low_credits_percent": 1–99,
///   "generation_ttl_seconds": 60–86400,
///   "sign_up_credits"?: credits,                     // once, to a new account's personal workspace; they never expire
///   "top_ups": {"min": credits, "max": credits},
///   "default_plan"?: id of a free plan,              // with it no "base", without it
///   "base": {"rate_limit", "concurrency"?, "template_tiers"?, "entitlements"},   // as in a plan: what holds without one
///   "test_entitlements": {name: text | number | flag},                           // over a plan's own, for test keys
///   "plans"?: [{
///     "id": id, "name": text,
///     "allowance": credits | {"min": credits, "max"?: credits},   // a range: the subscriber chooses
///     "free"?: flag,                                  // with a price of 0, and without overage
///     "price"?: money,                                // null: set by the seller elsewhere
///     "billing"?: "monthly" | "once",
///     "overage"?: money,                              // per generation that the credits left cannot cover; null: those are refused
///     "rate_limit": {"kind": "sliding", "limit": n, "window_seconds": 1–3600} | {"kind": "fixed_hour", "limit": n},
///     "concurrency"?: n,                              // generations at once; null: no limit
///     "template_tiers"?: [tier],                      // null: all
///     "entitlements": {name: text | number | flag}
///   }],
///   "pricing": {
///     "fields"?: [{
///       "name": id, "aliases"?: [name], "required"?: flag, "default"?: value,
///       "type": "choice", "choices": [text], "floor"?: attribute  // the template's own is the default and the least, in the order of choices
///             | "integer", "min": n, "max": n
///             | "text", "max_length": 1–1000
///             | "template",
///       "refusal"?: "FORMAT_NOT_SUPPORTED" | "DIMENSIONS_TOO_LARGE" | "FILE_TOO_LARGE"   // for another choice or above max
///     }],
///     "factors": [{                                   // the price is their product; each above 0, at most 6 places
///       "name": id,
///       "kind": "constant", "value": factor
///             | "lookup", "field": choice, "values": {each choice: factor}
///             | "integer", "field": integer           // the number itself
///             | "blocks", "field": integer, "size": n // ⌈number ÷ size⌉
///             | "template", "attribute": name
///     }],
///     "units"?: priced integer field,                 // what a partly successful generation counts
///     "quantity"?: priced integer field               // what max_affordable is told in
///   },
///   "templates"?: [{"id": text, or beginning and "*", "tier": text, "attributes"?: {name: factor, or choice for a floor}}]
/// }
/// </code>
/// </remarks>
public sealed class Catalog
{
    internal Catalog(Pricing pricing) => Pricing = pricing;

    /// <summary>As in requests: <c>bluma</c>.</summary>
    public required string Product { get; init; }

    /// <summary>As people read it: <c>Bluma</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What a generation makes, for ledger descriptions: <c>Video</c> in "Video generation: gen_…".</summary>
    public required string Noun { get; init; }

    /// <summary>The pricing page: <c>data.action_url</c> of a 402.</summary>
    public required string ActionUrl { get; init; }

    /// <summary>The code of a refusal for want of credits: <see cref="Refusals.InsufficientCredits"/> or <see cref="Refusals.MonthlyLimit"/>.</summary>
    public required string ExhaustedCode { get; init; }

    /// <summary>Credits granted once to a new account's personal workspace, never expiring; null for none. Team workspaces get none.</summary>
    public required Credits? SignUpGrant { get; init; }

    /// <summary>Bounds of one top-up.</summary>
    public required TopUps TopUps { get; init; }

    /// <summary>How long a generation may run before it expires, unless it shows life.</summary>
    public required TimeSpan GenerationTimeToLive { get; init; }

    /// <summary>Credits left are low at this percentage of the monthly allowance and below; 1–99.</summary>
    public required int LowCreditsPercent { get; init; }

    /// <summary>All plans, in the order of the file.</summary>
    public required ImmutableArray<Plan> Plans { get; init; }

    /// <summary>The plan that accounts start on; null when they start without one.</summary>
    public required Plan? DefaultPlan { get; init; }

    /// <summary>The limits of a workspace without a plan (or with a canceled one): the default plan's, or the catalog's own.</summary>
    public required Limits BaseLimits { get; init; }

    /// <summary>The entitlements of a workspace without a plan: the default plan's, or the catalog's own.</summary>
    public required ImmutableSortedDictionary<string, Scalar> BaseEntitlements { get; init; }

    /// <summary>The template tiers open to a workspace without a plan; null for all.</summary>
    public required ImmutableSortedSet<string>? BaseTemplateTiers { get; init; }

    /// <summary>What test keys get in place of the plan's entitlements of the same names (watermark, quality, priority).</summary>
    public required ImmutableSortedDictionary<string, Scalar> TestEntitlements { get; init; }

    /// <summary>Names the prices: the first 12 hex digits of the SHA-256 of the pricing part and the templates. The same whatever the file's layout.</summary>
    public string PriceVersion => Pricing.Version;

    internal Pricing Pricing { get; }

    /// <summary>Reads a catalog file.</summary>
    /// <exception cref="CatalogException">With every mistake in it.</exception>
    public static Catalog Parse(string json) => CatalogReader.Read(json);

    /// <summary>The plan of that id; false when there is none.</summary>
    public bool TryGetPlan(string id, [NotNullWhen(true)] out Plan? plan)
    {
        plan = Plans.FirstOrDefault(candidate => candidate.Id == id);
        return plan is not null;
    }

    /// <summary>The limits that hold for a workspace on <paramref name="plan"/> (null for none).</summary>
    public Limits LimitsOf(Plan? plan) => plan?.Limits ?? BaseLimits;

    /// <summary>The entitlements of a workspace on <paramref name="plan"/> (null for none), with <see cref="TestEntitlements"/> over them for a test key.</summary>
    public ImmutableSortedDictionary<string, Scalar> EntitlementsOf(Plan? plan, bool testMode = false)
    {
        var entitlements = plan?.Entitlements ?? BaseEntitlements;
        return testMode ? entitlements.SetItems(TestEntitlements) : entitlements;
    }

    /// <summary>Validates a generation's parameters: the product's own fields, without those common to all products. A field that is null counts as left out.</summary>
    /// <returns>Parameters that <see cref="Price"/> always can price, or INVALID_REQUEST with what is wrong with every bad, missing or unknown field.</returns>
    public UsageResult ParseUsage(IReadOnlyDictionary<string, JsonElement> fields) => Pricing.Form.Parse(fields);

    /// <summary>Whether a workspace on <paramref name="plan"/> (null for none) may generate this: first the fields' own limits in catalog order, then the template.</summary>
    /// <returns>Null, or FORMAT_NOT_SUPPORTED, DIMENSIONS_TOO_LARGE, FILE_TOO_LARGE or TEMPLATE_NOT_IN_PLAN.</returns>
    public Refusal? CheckLimits(Plan? plan, Usage usage) => Pricing.Form.CheckLimits(usage) ?? CheckTemplate(plan, usage);

    /// <summary>What <paramref name="usage"/>, parsed by this catalog, costs. Never fails.</summary>
    public Price Price(Usage usage) => Pricing.Price(usage);

    /// <summary>The largest value of the product's quantity field (bloom's <c>variant_count</c>, bluma's <c>duration</c> in seconds) that costs no more than <paramref name="available"/>, all else equal.</summary>
    /// <returns>Capped at the field's maximum; 0 when not even its minimum is affordable; empty for a product without quantity.</returns>
    public ImmutableSortedDictionary<string, long> MaxAffordable(Usage usage, Credits available) => Pricing.MaxAffordable(usage, available);

    /// <summary>The catalog as customers see it.</summary>
    public CatalogView View() => CatalogView.Of(this);

    private Refusal? CheckTemplate(Plan? plan, Usage usage)
    {
        var tiers = plan is null ? BaseTemplateTiers : plan.TemplateTiers;
        return tiers is null || Pricing.Form.TemplateOf(usage) is not { } template || tiers.Contains(template.Tier)
            ? null
            : new Refusal(Refusals.TemplateNotInPlan, $"This template is of the {template.Tier} tier, which {(plan ?? DefaultPlan)?.Name ?? "no plan"} does not include.")
            {
                ActionUrl = ActionUrl,
            };
    }
}
