using System.Collections.Immutable;
using System.Net.Mail;
using System.Text.Encodings.Web;
using System.Text.Json;
using Billing.Reading;

namespace Billing.Catalogs.Reading;

/// <summary>Reads a catalog file: all of its mistakes, or a catalog that cannot fail later.</summary>
internal sealed class CatalogReader
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    // It is kept in one row of storage, which takes 1 MiB and counts up to six bytes a character.
    private const int MostCharacters = 170_000;
    private static readonly JsonSerializerOptions Short = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly ObjectReader _root;

    private CatalogReader(JsonElement root) => _root = ObjectReader.Root(root, "catalog");

    /// <exception cref="CatalogException">The text is no JSON, or has mistakes.</exception>
    public static Catalog Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Lenient);
            var catalog = new CatalogReader(document.RootElement).Read() with { Source = Text(document.RootElement), PlanSources = SourcesIn(document.RootElement) };
            return catalog.Source.Length <= MostCharacters
                ? catalog
                : throw new CatalogException([$"catalog: has {catalog.Source.Length:#,0} characters without its white space; {MostCharacters:#,0} are the most"]);
        }
        catch (JsonException exception)
        {
            throw new CatalogException([$"catalog: not JSON: {exception.Message}"]);
        }
    }

    /// <summary>A plan by its part of a file; null when it is none any more.</summary>
    public static Plan? ReadPlan(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Lenient);
            var reader = ObjectReader.Root(document.RootElement, "plan");
            var plan = PlanReader.Read(reader);
            return reader.Mistakes.Any ? null : plan;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Text(JsonElement json) => JsonSerializer.Serialize(json, Short);

    private static ImmutableSortedDictionary<string, string> SourcesIn(JsonElement catalog) => catalog.TryGetProperty("plans", out var plans)
        ? plans.EnumerateArray().ToImmutableSortedDictionary(plan => plan.GetProperty("id").GetString()!, Text, StringComparer.Ordinal)
        : ImmutableSortedDictionary<string, string>.Empty;

    private Catalog Read()
    {
        var pricing = PricingReader.Read(_root);
        var topUps = ReadTopUps();
        var plans = ReadPlans();
        var defaultPlan = ReadDefaultPlan(plans);
        var start = ReadBase();
        var catalog = new Catalog(pricing!)
        {
            Product = _root.Id("product") ?? "",
            Name = _root.Text("name", 60) ?? "",
            Noun = _root.Text("noun", 40) ?? "",
            ActionUrl = ReadActionUrl(),
            Contact = ReadContact(),
            ExhaustedCode = _root.OneOf("exhausted_code", [RefusalCodes.InsufficientCredits, RefusalCodes.MonthlyLimit]) ?? "",
            LowCreditsPercent = (int)(_root.Whole("low_credits_percent", 1, 99) ?? 0),
            GenerationTimeToLive = TimeSpan.FromSeconds(_root.Whole("generation_ttl_seconds", 60, 86_400) ?? 0),
            SignUpGrant = _root.Credits("sign_up_credits", required: false),
            TopUps = topUps,
            Plans = [.. plans.Select(plan => plan.Plan)],
            DefaultPlan = defaultPlan,
            UpgradesNow = _root.OneOf("upgrade", ["now", "renewal"], required: false) == "now",
            PaymentGrace = TimeSpan.FromDays(_root.Whole("grace_days", 0, 60, required: false) ?? 0),
            Base = defaultPlan ?? start,
            TestEntitlements = _root.Scalars("test_entitlements"),
            TestRateLimit = _root.Has("test_rate_limit") ? PlanReader.ReadRate(_root.Object("test_rate_limit")) : null,
        };
        CheckTiers(plans, start, pricing);
        _root.RejectUnknown();
        return _root.Mistakes.Any ? throw new CatalogException(_root.Mistakes.Lines) : catalog;
    }

    private string? ReadActionUrl()
    {
        var text = _root.Text("action_url", 500, required: false);
        if (text is not null && !IsWebAddress(text))
        {
            _root.Reject("action_url", "must be a full http or https address");
        }

        return text;
    }

    private Contact? ReadContact()
    {
        if (!_root.Has("contact"))
        {
            return null;
        }

        var reader = _root.Object("contact");
        var contact = new Contact(ReadAddress(reader, "support"), ReadAddress(reader, "sales"));
        reader.RejectUnknown();
        return contact;
    }

    private static string? ReadAddress(ObjectReader reader, string name)
    {
        var text = reader.Text(name, 500, required: false);
        if (text is not null && !IsWebAddress(text) && !MailAddress.TryCreate(text, out _))
        {
            reader.Reject(name, "must be an e-mail address, or a full http or https address");
        }

        return text;
    }

    private static bool IsWebAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp);

    private TopUpOffer? ReadTopUps()
    {
        if (!_root.Has("top_ups"))
        {
            return null;
        }

        var reader = _root.Object("top_ups");
        var (min, max) = (reader.Credits("min"), reader.Credits("max"));
        if (min > max)
        {
            reader.Reject("max", $"must be at least min, {min}");
        }

        reader.RejectUnknown();
        return new TopUpOffer(min ?? Credits.Zero, max ?? Credits.Zero);
    }

    private ImmutableArray<(ObjectReader Reader, Plan Plan)> ReadPlans()
    {
        ImmutableArray<(ObjectReader Reader, Plan Plan)> plans =
            [.. _root.Objects("plans", most: 50, required: false).Select(reader => (reader, PlanReader.Read(reader)))];
        foreach (var (reader, plan) in plans.Where(plan => plan.Plan.Id.Length > 0).GroupBy(plan => plan.Plan.Id).SelectMany(same => same.Skip(1)))
        {
            reader.Reject("id", $"'{plan.Id}' is another plan's id, too");
        }

        // One invoice covers a month in which a workspace may have changed plans.
        var currency = plans.Select(plan => (plan.Plan.Price ?? plan.Plan.OverageUnitPrice)?.Currency).FirstOrDefault(found => found is not null);
        foreach (var (reader, plan) in plans)
        {
            if (plan.Price is { } price && price.Currency != currency)
            {
                reader.Reject("price.currency", $"must be {currency}: a catalog has one currency");
            }

            if (plan.OverageUnitPrice is { } unit && unit.Currency != currency)
            {
                reader.Reject("overage.currency", $"must be {currency}: a catalog has one currency");
            }
        }

        return plans;
    }

    private Plan? ReadDefaultPlan(ImmutableArray<(ObjectReader Reader, Plan Plan)> plans)
    {
        if (_root.Id("default_plan", required: false) is not { } id)
        {
            return null;
        }

        var plan = plans.Select(candidate => candidate.Plan).FirstOrDefault(candidate => candidate.Id == id);
        if (plan is null)
        {
            _root.Reject("default_plan", $"there is no plan '{id}'");
        }
        else if (!plan.Free || plan.Allowance.Fixed is null)
        {
            _root.Reject("default_plan", $"'{id}' must be free and have a fixed allowance: accounts start on it without paying or choosing");
        }

        return plan;
    }

    /// <summary>What holds without a plan: read as a plan of which only limits, tiers and entitlements count.</summary>
    private Plan ReadBase()
    {
        var hasDefault = _root.Has("default_plan");
        if (hasDefault && _root.Has("base"))
        {
            _root.Reject("base", "can never apply: without a plan the default plan's limits hold");
        }

        return PlanReader.ReadBase(hasDefault ? ObjectReader.Nothing : _root.Object("base"));
    }

    private void CheckTiers(ImmutableArray<(ObjectReader Reader, Plan Plan)> plans, Plan start, Pricing? pricing)
    {
        if (pricing is null)
        {
            return;
        }

        var tiers = pricing.Form.Templates.Select(template => template.Tier).ToHashSet();
        foreach (var (reader, plan) in plans)
        {
            foreach (var unknown in (plan.TemplateTiers ?? []).Except(tiers))
            {
                reader.Reject("template_tiers", $"no template is of the tier '{unknown}'");
            }
        }

        var offers = plans.Select(plan => plan.Plan.TemplateTiers).ToList();
        if (!_root.Has("default_plan"))
        {
            offers.Add(start.TemplateTiers);
        }

        foreach (var hidden in tiers.Where(tier => !offers.Any(offer => offer is null || offer.Contains(tier))).Order())
        {
            _root.Reject("templates", $"no plan includes the tier '{hidden}'");
        }
    }
}
