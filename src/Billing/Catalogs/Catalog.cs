using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Billing.Catalogs.Reading;
using Billing.RateLimits;
using Billing.Reading;

namespace Billing.Catalogs;

/// <summary>What one product sells and what it costs. Immutable; made only from a file without mistakes, so that nothing here can fail later.</summary>
public sealed record Catalog
{
    internal Catalog(Pricing pricing) => Pricing = pricing;

    /// <summary>As in requests: <c>bluma</c>.</summary>
    public required string Product { get; init; }

    /// <summary>As people read it: <c>Bluma</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What a generation makes, for ledger descriptions: <c>Video</c> in "Video generation: gen_…".</summary>
    public required string Noun { get; init; }

    /// <summary>Where a 402 leads; null for our own pricing page.</summary>
    public required string? ActionUrl { get; init; }

    /// <summary>How customers reach the seller; null for not at all.</summary>
    public required Contact? Contact { get; init; }

    /// <summary>Where a customer that wants credits can buy them or upgrade: an address, or a path of ours.</summary>
    public string BuyUrl => ActionUrl ?? $"/pricing?product={Product}#buy";

    /// <summary>Where a customer whose subscription is paused can pay: an address, or a path of ours.</summary>
    public string PayUrl => ActionUrl ?? $"/pricing?product={Product}#pay";

    /// <summary>The code of a refusal for want of credits: <see cref="RefusalCodes.InsufficientCredits"/> or <see cref="RefusalCodes.MonthlyLimit"/>.</summary>
    public required string ExhaustedCode { get; init; }

    /// <summary>Credits granted once to a new account's personal workspace, never expiring; null for none. Team workspaces get none.</summary>
    public required Credits? SignUpGrant { get; init; }

    /// <summary>What can be bought beside plans; null where nothing can.</summary>
    public required TopUpOffer? TopUps { get; init; }

    /// <summary>How long a generation may run before it expires, unless it shows life.</summary>
    public required TimeSpan GenerationTimeToLive { get; init; }

    /// <summary>Credits left are low at this percentage of the monthly allowance and below; 1–99.</summary>
    public required int LowCreditsPercent { get; init; }

    public required ImmutableArray<Plan> Plans { get; init; }

    /// <summary>Plans that are sold no longer, as they were sold last: who is on one keeps it.</summary>
    public ImmutableArray<Plan> Former { get; init; } = [];

    /// <summary>The file it was read from, and each plan's part of it by the plan's id: what is kept for when it leaves the file.</summary>
    public string Source { get; init; } = "";

    public ImmutableSortedDictionary<string, string> PlanSources { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The plan that accounts start on; null when they start without one.</summary>
    public required Plan? DefaultPlan { get; init; }

    /// <summary>True when an upgrade grants what the larger plan has more at once; false when its allowance comes with the next renewal.</summary>
    public required bool UpgradesNow { get; init; }

    /// <summary>How long an unpaid payment is waited for before the subscription is paused.</summary>
    public required TimeSpan PaymentGrace { get; init; }

    /// <summary>What holds for a workspace without a plan (or with a canceled one), as far as a plan limits and entitles: the default plan, or the catalog's own.</summary>
    public required Plan Base { get; init; }

    /// <summary>What test keys get in place of the plan's entitlements of the same names (watermark, quality, priority).</summary>
    public required ImmutableSortedDictionary<string, Scalar> TestEntitlements { get; init; }

    /// <summary>The rate limit of test keys on every plan; null for the plan's own.</summary>
    public required RateLimit? TestRateLimit { get; init; }

    /// <summary>Names the prices: the first 12 hex digits of the SHA-256 of the pricing part and the templates. The same whatever the file's layout.</summary>
    public string PriceVersion => Pricing.Version;

    internal Pricing Pricing { get; private init; }

    /// <summary>Reads a catalog file.</summary>
    /// <exception cref="CatalogException">With every mistake in it.</exception>
    public static Catalog Parse(string json) => CatalogReader.Read(json);

    /// <summary>A catalog as it was kept; null when it cannot be read any more.</summary>
    public static Catalog? Find(string json)
    {
        try
        {
            return Parse(json);
        }
        catch (CatalogException)
        {
            return null;
        }
    }

    /// <summary>This catalog with plans that it once had; those that cannot be read any more stay away.</summary>
    public Catalog WithFormer(IEnumerable<string> sources) => this with
    {
        Former = [.. sources.Select(CatalogReader.ReadPlan).OfType<Plan>().Where(plan => Plans.All(sold => sold.Id != plan.Id))],
    };

    /// <summary>This catalog for those who still have it, when its product is sold no longer.</summary>
    public Catalog Closed() => this with { Former = Plans, Plans = [] };

    /// <summary>The plan of that id that a workspace may be on; false when there is none.</summary>
    public bool TryGetPlan(string id, [NotNullWhen(true)] out Plan? plan) => (plan = Find(Plans, id) ?? Find(Former, id)) is not null;

    /// <summary>The plan of that id that can be subscribed to; false when there is none.</summary>
    public bool TryGetSold(string id, [NotNullWhen(true)] out Plan? plan) => (plan = Find(Plans, id)) is not null;

    private static Plan? Find(ImmutableArray<Plan> plans, string id) => plans.FirstOrDefault(candidate => candidate.Id == id);

    /// <summary>The name of a plan; its id when the catalog has it no longer.</summary>
    public string NameOf(string planId) => TryGetPlan(planId, out var plan) ? plan.Name : planId;

    /// <summary>The limits that hold for a workspace on <paramref name="plan"/> (null for none).</summary>
    public Limits LimitsOf(Plan? plan) => (plan ?? Base).Limits;

    /// <summary>The entitlements of a workspace on <paramref name="plan"/> (null for none), with <see cref="TestEntitlements"/> over them for a test key.</summary>
    public ImmutableSortedDictionary<string, Scalar> EntitlementsOf(Plan? plan, bool testMode = false)
    {
        var entitlements = (plan ?? Base).Entitlements;
        return testMode ? entitlements.SetItems(TestEntitlements) : entitlements;
    }

    /// <summary>Reads the product's own fields of a generation request; those common to all products were asked for before. A field that is null counts as left out.</summary>
    /// <returns>Parameters that <see cref="Price"/> always can price, or INVALID_REQUEST with all that is wrong with the request.</returns>
    public Outcome<Usage> ParseUsage(ObjectReader request) => Pricing.Parse(request);

    /// <summary>Whether a workspace on <paramref name="plan"/> (null for none) may generate this: first the plan's limits, then the fields' own in catalog order, then the template.</summary>
    /// <returns>Null, or the code of a <see cref="PlanLimit"/>, FORMAT_NOT_SUPPORTED, DIMENSIONS_TOO_LARGE, FILE_TOO_LARGE or TEMPLATE_NOT_IN_PLAN.</returns>
    public Refusal? CheckLimits(Plan? plan, GenerationCircumstances generation) =>
        LimitsOf(plan).Check(generation) ?? (generation.Promised ? null : CheckFields(generation.Usage)) ?? CheckTemplate(plan ?? Base, generation.Usage);

    /// <summary>Whether a usage is within the fields' own limits.</summary>
    public Refusal? CheckFields(Usage usage) => Pricing.Form.CheckLimits(usage);

    /// <summary>Whether something that was priced by a version of the prices is priced by the same ones here.</summary>
    public bool HasPrices(string version, Usage usage) => Pricing.VersionOf(usage) == version;

    /// <summary>Whether a plan comes with templates of the workspace's own.</summary>
    public static bool AllowsOwnTemplates(Plan? plan) => plan?.Entitlements.GetValueOrDefault("custom_templates") is { Flag: true };

    /// <summary>The id of the template that a request names and this catalog lacks: the workspace may have one of its own. Null for none.</summary>
    public string? MissingTemplate(ObjectReader request) => Pricing.Form.MissingTemplate(request);

    /// <summary>The same of a usage that was quoted.</summary>
    public string? MissingTemplate(Usage usage) => Pricing.Form.MissingTemplate(usage);

    public bool HasTemplate(string id) => Pricing.Form.Templates.Any(template => template.Matches(id));

    /// <summary>This catalog for a workspace with a template of its own.</summary>
    public Catalog With(Template own) => this with { Pricing = Pricing.With(own) };

    /// <summary>Reads a workspace's own template as those of the file are read.</summary>
    /// <returns>Null when it has mistakes, noted in <paramref name="body"/>.</returns>
    public Template? ReadTemplate(string id, ObjectReader body) => TemplateReader.ReadOwn(Pricing, id, body);

    /// <summary>The workspace's own template that a usage names; null when it names none.</summary>
    public Template? OwnTemplateOf(Usage usage) => Pricing.Form.TemplateOf(usage) is { Own: true } own ? own : null;

    /// <summary>Reads what may be known only when a generation is delivered, such as the size of the file.</summary>
    public ImmutableSortedDictionary<string, Scalar> ReadDelivered(ObjectReader request) => Pricing.Form.ReadDelivered(request);

    /// <summary>The first of what was delivered that is beyond its limit, as a refusal; also for what this product knows nothing of.</summary>
    public Refusal? CheckDelivered(ImmutableSortedDictionary<string, Scalar> delivered) =>
        delivered.Keys.FirstOrDefault(name => !Pricing.Form.IsDelivered(name)) is { } unknown
            ? Refusal.Invalid(unknown, "unknown field")
            : Pricing.Form.CheckLimits(new Usage(delivered, 1));

    /// <summary>What <paramref name="usage"/>, parsed by this catalog, costs. Never fails.</summary>
    public Price Price(Usage usage) => Pricing.Price(usage);

    /// <summary>The largest value of the product's quantity field (bloom's <c>variant_count</c>, bluma's <c>duration</c> in seconds) that costs no more than <paramref name="available"/>, all else equal.</summary>
    /// <returns>Capped at the field's maximum; empty when not even its minimum is affordable, and for a product without quantity.</returns>
    public ImmutableSortedDictionary<string, long> MaxAffordable(Usage usage, Credits available) => Pricing.MaxAffordable(usage, available);

    /// <summary>Null when a top-up of so many credits can be bought, else INVALID_REQUEST on <c>credits</c>.</summary>
    public Refusal? CheckTopUp(Credits credits) => TopUps is null ? Refusal.Invalid("credits", $"{Name} sells no top-ups") : TopUps.Check(credits);

    public CatalogView View() => CatalogView.Of(this);

    /// <summary>The product's own fields of a generation request, as JSON Schema.</summary>
    public UsageSchema UsageSchema() => Catalogs.UsageSchema.Of(Pricing);


    private Refusal? CheckTemplate(Plan plan, Usage usage)
    {
        var refused = Pricing.Form.TemplateOf(usage) switch
        {
            null => null,
            { Own: true } => AllowsOwnTemplates(plan) ? null : $"Templates of one's own are not included in {NameOf(plan)}.",
            var template => plan.TemplateTiers?.Contains(template.Tier) != false ? null : $"This template is of the {template.Tier} tier, which {NameOf(plan)} does not include.",
        };
        return refused is null ? null : new Refusal(RefusalCodes.TemplateNotInPlan, refused) { ActionUrl = BuyUrl };
    }

    private static string NameOf(Plan plan) => plan.Name.Length > 0 ? plan.Name : "use without a plan";
}
