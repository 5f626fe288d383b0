using System.Text.Json.Nodes;
using Billing.Catalogs;

namespace Billing.Tests.Catalogs;

/// <summary>Every mistake in a catalog file is named by its place. Each row sets one member of a shipped file (or deletes it with an empty value).</summary>
public sealed class CatalogFileTests
{
    [Theory]
    [InlineData("product", "", "product: is required")]
    [InlineData("product", "7", "product: must be one line of 1 to 60 characters, not blank and none of them invisible")]
    [InlineData("product", "\"a\\tb\"", "product: must be one line of 1 to 60 characters, not blank and none of them invisible")]
    [InlineData("product", "\"a b\"", "product: must be made of letters, digits, '_' and '-'")]
    [InlineData("noun", "\"\"", "noun: must be one line of 1 to 40 characters, not blank and none of them invisible")]
    [InlineData("action_url", "\"/pricing\"", "action_url: must be a full http or https address")]
    [InlineData("exhausted_code", "\"OUT\"", "exhausted_code: must be one of INSUFFICIENT_CREDITS, MONTHLY_LIMIT")]
    [InlineData("low_credits_percent", "100", "low_credits_percent: must be a whole number from 1 to 99")]
    [InlineData("low_credits_percent", "20.5", "low_credits_percent: must be a whole number from 1 to 99")]
    [InlineData("generation_ttl_seconds", "59", "generation_ttl_seconds: must be a whole number from 60 to 86400")]
    [InlineData("sign_up_credits", "0", "sign_up_credits: must be a number above 0, at most 1000000000, with at most 3 decimal places")]
    [InlineData("action_url", "\"ftp://example.com\"", "action_url: must be a full http or https address")]
    [InlineData("plans[0].allowance", """{"min": 1, "max": 2}""", "default_plan: 'free' must be free and have a fixed allowance: accounts start on it without paying or choosing")]
    [InlineData("plans[1].hard_stop", "7", "plans[1].hard_stop: must be true or false")]
    [InlineData("grace_days", "61", "grace_days: must be a whole number from 0 to 60")]
    [InlineData("top_ups", "20", "top_ups: must be an object")]
    [InlineData("top_ups.max", "9", "top_ups.max: must be at least min, 10")]
    [InlineData("top_ups.step", "1", "top_ups.step: unknown field")]
    [InlineData("contact.support", "\"nobody\"", "contact.support: must be an e-mail address, or a full http or https address")]
    [InlineData("contact.phone", "\"1\"", "contact.phone: unknown field")]
    [InlineData("upgrade", "\"later\"", "upgrade: must be one of now, renewal")]
    [InlineData("test_rate_limit.limit", "0", "test_rate_limit.limit: must be a whole number from 1 to 1000000")]
    [InlineData("plans[1].hard_stop", "true", "plans[1].hard_stop: contradicts overage: what is beyond the allowance is charged")]
    [InlineData("plans[1].rate_limit.counts", "\"calls\"", "plans[1].rate_limit.counts: must be one of requests, generations")]
    [InlineData("pricing.fields[1].synonyms", "{\"uhd\": \"8K\"}", "pricing.fields[1].synonyms: 'uhd' must stand for one of the choices and be none itself: '8K'")]
    [InlineData("pricing.fields[1].choices", "[\"720p\", \"720P\"]", "pricing.fields[1].choices: '720p' is there twice: choices are read in any case")]
    [InlineData("test_entitlements", "", "test_entitlements: is required")]
    [InlineData("test_entitlements.watermark", "[]", "test_entitlements.watermark: must be a string, a number or a boolean")]
    [InlineData("default_plan", "\"basic\"", "default_plan: there is no plan 'basic'")]
    [InlineData("default_plan", "\"pro\"", "default_plan: 'pro' must be free and have a fixed allowance: accounts start on it without paying or choosing")]
    [InlineData("default_plan", "", "base: is required")]
    [InlineData("base", "{}", "base: can never apply: without a plan the default plan's limits hold")]
    [InlineData("plan", "[]", "plan: unknown field; did you mean 'plans'?")]
    [InlineData("plans", "{}", "plans: must be an array of 1 to 50 items")]
    public void A_mistake_at_the_top_is_named(string path, string value, string error) => AssertErrors("bluma", path, value, error);

    [Theory]
    [InlineData("plans[2]", "7", "plans[2]: must be an object")]
    [InlineData("plans[2].id", "\"starter\"", "plans[2].id: 'starter' is another plan's id, too")]
    [InlineData("plans[2].name", "", "plans[2].name: is required")]
    [InlineData("plans[2].allowance", "0", "plans[2].allowance: must be a number above 0, at most 1000000000, with at most 3 decimal places")]
    [InlineData("plans[2].allowance", "1.0005", "plans[2].allowance: must be a number above 0, at most 1000000000, with at most 3 decimal places")]
    [InlineData("plans[3].allowance.max", "3000", "plans[3].allowance.max: must be above min, 3000; for a fixed allowance write the number alone")]
    [InlineData("plans[3].allowance.step", "5", "plans[3].allowance.step: unknown field")]
    [InlineData("plans[2].overage.amount_minor", "0", "plans[2].overage.amount_minor: must be a whole number from 1 to 1000000000000")]
    [InlineData("plans[2].overage.amount_minor", "0.5", "plans[2].overage.amount_minor: must be a whole number from 1 to 1000000000000")]
    [InlineData("plans[2].overage.currency", "\"usd\"", "plans[2].overage.currency: must be the three capital letters of an ISO 4217 code")]
    [InlineData("plans[2].overage.currency", "\"EUR\"", "plans[2].overage.currency: must be USD: a catalog has one currency")]
    [InlineData("plans[2].price.currency", "\"EUR\"", "plans[2].price.currency: must be USD: a catalog has one currency")]
    [InlineData("plans[2].price.amount_minor", "0", "plans[2].free: must be true: the price is 0")]
    [InlineData("plans[2].billing", "\"weekly\"", "plans[2].billing: must be one of monthly, once")]
    [InlineData("plans[2].free", "\"no\"", "plans[2].free: must be true or false")]
    [InlineData("plans[0].price", "", "plans[0].price: must be 0: the plan is free")]
    [InlineData("plans[0].overage", """{"amount_minor": 50, "currency": "USD"}""", "plans[0].overage: contradicts free: a free plan has nobody to invoice")]
    [InlineData("plans[0].billing", "\"once\"", "plans[0].billing: contradicts free: nothing is paid, not even once")]
    [InlineData("plans[1].rate_limit", "", "plans[1].rate_limit: is required")]
    [InlineData("plans[1].rate_limit.kind", "\"daily\"", "plans[1].rate_limit.kind: must be one of sliding, fixed_hour")]
    [InlineData("plans[1].rate_limit.limit", "0", "plans[1].rate_limit.limit: must be a whole number from 1 to 1000000")]
    [InlineData("plans[1].rate_limit.window_seconds", "60", "plans[1].rate_limit.window_seconds: contradicts kind: a fixed hour has 3600 seconds")]
    [InlineData("plans[1].rate_limit.kind", "\"sliding\"", "plans[1].rate_limit.window_seconds: is required")]
    [InlineData("plans[1].template_tiers", "[]", "plans[1].template_tiers: must be an array of 1 to 20 items")]
    [InlineData("plans[1].template_tiers", """["standard", "gold"]""", "plans[1].template_tiers: no template is of the tier 'gold'")]
    [InlineData("plans[1].template_tiers", """["standard", "standard"]""", "plans[1].template_tiers[1]: 'standard' is there already")]
    [InlineData("plans[1].entitlements", "", "plans[1].entitlements: is required")]
    [InlineData("plans[1].entitlements.limits", "{}", "plans[1].entitlements.limits: must be a string, a number or a boolean")]
    [InlineData("plans[1].overages", "{}", "plans[1].overages: unknown field; did you mean 'overage'?")]
    public void A_mistake_in_a_plan_is_named(string path, string value, string error) => AssertErrors("bluma", path, value, error);

    [Fact]
    public void Each_limit_of_a_plan_has_its_bounds() => Assert.All(PlanLimit.All, limit =>
    {
        foreach (var value in new[] { 0, limit.Highest + 1 })
        {
            AssertErrors("bluma", $"plans[1].{limit.Name}", $"{value}", $"plans[1].{limit.Name}: must be a whole number from 1 to {limit.Highest}");
        }
    });

    [Theory]
    [InlineData("pricing", "", "pricing: is required")]
    [InlineData("pricing.quantity", "\"resolution\"", "pricing.quantity: no factor of kind integer or blocks reads a field 'resolution'")]
    [InlineData("pricing.qantity", "1", "pricing.qantity: unknown field; did you mean 'quantity'?")]
    [InlineData("pricing.factors", "[]", "pricing.factors: must be an array of 1 to 16 items")]
    [InlineData("pricing.fields[1].name", "\"quote\"", "pricing.fields[1].name: this name or alias belongs to every product's requests")]
    [InlineData("pricing.fields[1].name", "\"duration\"", "pricing.fields[2].name: 'duration' is a name or alias of a field already")]
    [InlineData("pricing.fields[2].aliases", """["resolution"]""", "pricing.fields[2].name: 'resolution' is a name or alias of a field already")]
    [InlineData("pricing.fields[1].aliases", """["quote"]""", "pricing.fields[1].name: this name or alias belongs to every product's requests")]
    [InlineData("pricing.fields[1].synonyms", """{"4k": "1080p"}""", "pricing.fields[1].synonyms: '4k' must stand for one of the choices and be none itself: '1080p'")]
    [InlineData("pricing.fields[2]", """{"name": "duration", "type": "text", "max_length": 5, "refusal": "FILE_TOO_LARGE"}""", "pricing.fields[2].refusal: only a choice or an integer has a limit to refuse by")]
    [InlineData("pricing.fields[3].required", "true", "pricing.fields[3].default_from: contradicts default and required: the template's own is the default")]
    [InlineData("pricing.fields[1].type", "\"enum\"", "pricing.fields[1].type: must be one of choice, integer, text, template")]
    [InlineData("pricing.fields[1].choices", "", "pricing.fields[1].choices: is required")]
    [InlineData("pricing.fields[1].choices", """["720p", "1080p", "4K", "8K"]""", "pricing.factors[2].values.8K: is required")]
    [InlineData("pricing.fields[1].default", "\"240p\"", "pricing.fields[1].default: must be one of 720p, 1080p, 4K")]
    [InlineData("pricing.fields[1].default", "", "pricing.factors[2].field: 'resolution' must be required or have a default, perhaps from the template: without it there is no price")]
    [InlineData("pricing.fields[1].required", "true", "pricing.fields[1].default: contradicts required: it would never be used")]
    [InlineData("pricing.fields[1].refusal", "\"NOT_FOUND\"", "pricing.fields[1].refusal: must be one of FORMAT_NOT_SUPPORTED, DIMENSIONS_TOO_LARGE, FILE_TOO_LARGE")]
    [InlineData("pricing.fields[1].refusal", "\"FORMAT_NOT_SUPPORTED\"", "pricing.factors[2].field: 'resolution' has a refusal, so that a request may have a value without a price")]
    [InlineData("pricing.fields[0].refusal", "\"FORMAT_NOT_SUPPORTED\"", "pricing.fields[0].refusal: only a choice or an integer has a limit to refuse by")]
    [InlineData("pricing.fields[0].required", "false", "pricing.fields[0].required: must be true, or a default be given: prices read the template")]
    [InlineData("pricing.fields[2].max", "0", "pricing.fields[2].max: must be at least min, 1")]
    [InlineData("pricing.fields[2].max", "", "pricing.fields[2].max: is required")]
    [InlineData("pricing.fields[2].min", "0", "pricing.factors[1].field: 'duration' must have a min of at least 1: a price is above 0")]
    [InlineData("pricing.fields[2].default", "3601", "pricing.fields[2].default: must be from 1 to 3600")]
    [InlineData("pricing.fields[2].default", "", "pricing.factors[1].field: 'duration' must be required or have a default: without it there is no price")]
    [InlineData("pricing.fields[2].choices", "[1]", "pricing.fields[2].choices: unknown field")]
    [InlineData("pricing.fields[3].default", "\"basic\"", "pricing.fields[3].default_from: contradicts default and required: the template's own is the default")]
    [InlineData("pricing.fields[3].refusal", "\"FORMAT_NOT_SUPPORTED\"", "pricing.factors[3].field: 'complexity' has a refusal, so that a request may have a value without a price")]
    [InlineData(
        "pricing.fields[3]",
        """{"name": "complexity", "type": "choice", "choices": ["basic", "advanced", "ai"], "default": "basic", "floor": "complexity", "refusal": "FORMAT_NOT_SUPPORTED"}""",
        "pricing.fields[3].refusal: contradicts floor: what is no choice cannot be compared")]
    [InlineData("pricing.fields[1]", """{"name": "other", "type": "template", "required": true}""", "pricing.fields[1].type: another field is the template already")]
    public void A_mistake_in_a_field_is_named(string path, string value, string error) => AssertErrors("bluma", path, value, error);

    [Theory]
    [InlineData("pricing.factors[0].kind", "\"sum\"", "pricing.factors[0].kind: must be one of constant, lookup, integer, blocks, template")]
    [InlineData("pricing.factors[1].name", "\"base\"", "pricing.factors[1].name: 'base' is another factor's name, too")]
    [InlineData("pricing.factors[1].field", "\"length\"", "pricing.factors[1].field: there is no field 'length'")]
    [InlineData("pricing.factors[1].field", "\"resolution\"", "pricing.factors[1].field: 'resolution' is not an integer")]
    [InlineData("pricing.factors[1].size", "1", "pricing.factors[1].size: must be a whole number from 2 to 1000000000000")]
    [InlineData("pricing.factors[2].field", "\"duration\"", "pricing.factors[2].field: 'duration' is not a choice")]
    [InlineData("pricing.factors[2].values.1080p", "0", "pricing.factors[2].values.1080p: must be a number above 0, at most 1000000, with at most 6 decimal places")]
    [InlineData("pricing.factors[2].values.1080p", "1.0000001", "pricing.factors[2].values.1080p: must be a number above 0, at most 1000000, with at most 6 decimal places")]
    [InlineData("pricing.factors[2].values.1080P", "1", "pricing.factors[2].values.1080P: unknown field; did you mean '1080p'?")]
    [InlineData("pricing.factors[2].size", "1", "pricing.factors[2].size: unknown field")]
    [InlineData("pricing.factors[0].attribute", "\"complexity\"", "templates[0].attributes.complexity: must be a number above 0, at most 1000000, with at most 6 decimal places")]
    [InlineData("pricing.factors[0]", """{"name": "base", "kind": "constant", "value": 1000000}""", "templates[0].attributes.base: neither a factor nor a field reads it")]
    [InlineData("templates[1].attributes.base", "", "templates[1].attributes.base: is required")]
    [InlineData("templates[1].attributes.base", "-1", "templates[1].attributes.base: must be a number above 0, at most 1000000, with at most 6 decimal places")]
    [InlineData("templates[1].attributes.complexity", "\"hard\"", "templates[1].attributes.complexity: must be one of basic, advanced, ai")]
    [InlineData("templates[1].attributes.compexity", "\"ai\"", "templates[1].attributes.compexity: neither a factor nor a field reads it; did you mean 'complexity'?")]
    [InlineData("templates[1].attributes.complexity", "", "templates[1].attributes.complexity: is required")]
    [InlineData("templates", "", "pricing.fields[3].default_from: there are no templates")]
    [InlineData("templates[1].id", "\"news-anchor\"", "templates[2].id: 'news-anchor' is another template's id, too")]
    [InlineData("templates", "", "pricing.factors[0].kind: there are no templates")]
    [InlineData("templates[1].id", "\"a**\"", "templates[1].id: can have one '*', at its end")]
    [InlineData("templates[1].id", "\"a*b\"", "templates[1].id: can have one '*', at its end")]
    [InlineData("templates[1].tier", "", "templates[1].tier: is required")]
    [InlineData("templates", "", "pricing.fields[0].type: there are no templates")]
    [InlineData("pricing.fields[0].type", "\"text\"", "pricing.fields: no field is of the type 'template', so that no request can name one")]
    public void A_mistake_in_a_factor_or_template_is_named(string path, string value, string error) => AssertErrors("bluma", path, value, error);

    [Fact]
    public void An_escape_that_is_no_text_is_refused() =>
        Assert.Equal(["noun: must be one line of 1 to 40 characters, not blank and none of them invisible"], Errors(Request.File("bloom").Replace("\"Image\"", "\"\\ud800\"", StringComparison.Ordinal)));

    [Fact]
    public void A_tier_that_no_plan_includes_is_refused()
    {
        var file = Request.File("gleam", file =>
        {
            Set(file, "plans[1].template_tiers", """["basic"]""");
            Set(file, "plans[2].template_tiers", """["basic"]""");
        });
        Assert.Equal(["templates: no plan includes the tier 'premium'"], Errors(file));
        var more = JsonNode.Parse(file)!;
        more["templates"]!.AsArray().Add(JsonNode.Parse("""{"id": "x", "tier": "extra"}"""));
        Assert.Equal(["templates: no plan includes the tier 'extra'", "templates: no plan includes the tier 'premium'"], Errors(more.ToJsonString()));
    }

    [Fact]
    public void A_tier_that_use_without_a_plan_includes_is_enough()
    {
        var catalog = Catalog.Parse(Request.File("gleam", file =>
        {
            Set(file, "default_plan", "");
            Set(file, "base", """{"rate_limit": {"kind": "fixed_hour", "limit": 5}, "template_tiers": ["premium"], "entitlements": {}}""");
            Set(file, "plans[1].template_tiers", """["basic"]""");
            Set(file, "plans[2].template_tiers", """["basic"]""");
        }));
        Assert.Null(catalog.CheckLimits(null, catalog.Parse("""{"template": "sunset"}""")));
    }

    [Fact]
    public void The_currency_of_a_catalog_is_that_of_its_first_price_or_overage()
    {
        const string Dollars = """{"amount_minor": 50, "currency": "USD"}""", Euros = """{"amount_minor": 50, "currency": "EUR"}""";
        Assert.Equal(["plans[1].overage.currency: must be USD: a catalog has one currency"], Errors(Request.File("bloom", file =>
        {
            Set(file, "plans[0].overage", Dollars);
            Set(file, "plans[1].overage", Euros);
        })));
        Assert.Equal(["plans[0].overage.currency: must be USD: a catalog has one currency"], Errors(Request.File("bloom", file =>
        {
            Set(file, "plans[0].price", Dollars);
            Set(file, "plans[0].overage", Euros);
        })));
    }

    [Fact]
    public void A_price_beyond_all_limits_is_refused() => AssertErrors(
        "bloom",
        "pricing.factors",
        """[{"name": "a", "kind": "constant", "value": 1000000}, {"name": "b", "kind": "integer", "field": "variant_count"}, {"name": "c", "kind": "constant", "value": 51}]""",
        "pricing.factors: at its dearest a generation would cost more than 1000000000 credits");

    [Theory]
    [InlineData("bluma", "pricing.factors[1].size", "1", "pricing.factors[1].size: must be a whole number from 2 to 1000000000000")]
    [InlineData("bluma", "pricing.factors[0].kind", "\"sum\"", "pricing.factors[0].kind: must be one of constant, lookup, integer, blocks, template")]
    [InlineData("bluma", "pricing.factors[2].field", "\"length\"", "pricing.factors[2].field: there is no field 'length'")]
    [InlineData("bluma", "pricing", "", "pricing: is required")]
    [InlineData("bluma", "plans[1].allowance", "", "plans[1].allowance: is required")]
    [InlineData("gleam", "pricing.fields[2].default", "5001", "pricing.fields[2].default: must be at most 5000")]
    [InlineData("gleam", "pricing.fields[1].type", "\"enum\"", "pricing.fields[1].type: must be one of choice, integer, text, template")]
    public void One_mistake_is_told_as_one(string product, string path, string value, string error) =>
        Assert.Equal([error], Errors(Request.File(product, file => Set(file, path, value))));

    [Fact]
    public void What_could_not_be_read_is_not_said_to_read_nothing()
    {
        var errors = Errors(Request.File("bluma", file =>
        {
            Set(file, "pricing.fields[3].type", "\"enum\"");
            file["pricing"]!["factors"]!.AsArray().RemoveAt(3);
        }));
        Assert.Equal(["pricing.fields[3].type: must be one of choice, integer, text, template"], errors);
    }

    [Fact]
    public void A_template_field_that_could_not_be_read_does_not_make_every_tier_unknown() => Assert.Equal(
        ["pricing.fields[0].type: must be one of choice, integer, text, template", "pricing.fields: no field is of the type 'template', so that no request can name one"],
        Errors(Request.File("gleam", file => Set(file, "pricing.fields[0].type", "\"enum\""))));

    [Fact]
    public void What_has_no_name_is_not_said_to_have_anothers()
    {
        string[] fields = ["pricing.fields[1].name", "pricing.fields[2].name"], factors = ["pricing.factors[0].name", "pricing.factors[1].name"];
        Assert.Equal(fields.Select(path => $"{path}: is required"), Errors(Request.File("gleam", file => Array.ForEach(fields, path => Set(file, path, "")))));
        Assert.Equal(
            ["plans[1].id: is required", "plans[2].id: is required"],
            Errors(Request.File("bluma", file => Array.ForEach(["plans[1].id", "plans[2].id"], path => Set(file, path, "")))));
        Assert.Equal(factors.Select(path => $"{path}: is required"), Errors(Request.File("bluma", file => Array.ForEach(factors, path => Set(file, path, "")))));
    }

    [Fact]
    public void Where_prices_read_the_template_every_request_has_one_and_elsewhere_none_needs_to()
    {
        const string Error = "pricing.fields[0].required: must be true, or a default be given: prices read the template";
        const string Constant = """{"name": "base", "kind": "constant", "value": 1}""";
        const string Own = """{"name": "complexity", "type": "choice", "choices": ["basic", "advanced", "ai"], "default": "basic"}""";
        foreach (var (path, value) in new[] { ("pricing.factors[0]", Constant), ("pricing.fields[3]", Own) })
        {
            Assert.Contains(Error, Errors(Request.File("bluma", file =>
            {
                Set(file, "pricing.fields[0].required", "false");
                Set(file, path, value);
            })));
        }

        var catalog = Catalog.Parse(Request.File("gleam", file => Set(file, "pricing.fields[0].default", "")));
        Assert.Equal(1, catalog.Cost("{}"));
    }

    [Fact]
    public void The_dearest_template_is_what_a_generation_can_cost() => Assert.Equal(
        ["pricing.factors: at its dearest a generation would cost more than 1000000000 credits"],
        Errors(Request.File("bluma", file =>
        {
            Set(file, "pricing.fields[2].max", "36000");
            Set(file, "templates[1].attributes.base", "1000000");
        })));

    [Fact]
    public void A_floor_without_templates_is_refused() => Assert.Contains("pricing.fields[3].floor: there are no templates", Errors(Request.File("bluma", file =>
    {
        Set(file, "templates", "");
        Set(file, "pricing.fields[3]", """{"name": "complexity", "type": "choice", "choices": ["basic", "advanced", "ai"], "default": "basic", "floor": "complexity"}""");
    })));

    [Fact]
    public void An_escape_that_is_no_text_is_refused_in_prices_too() =>
        Assert.Contains(
            "templates[0].tier: must be one line of 1 to 40 characters, not blank and none of them invisible",
            Errors(Request.File("bluma").Replace("\"standard\"", "\"\\ud800\"", StringComparison.Ordinal)));

    [Fact]
    public void A_price_of_just_the_limit_is_none_too_many() => Assert.Equal(1_000_000_000, Catalog.Parse(Request.File("bloom", file => Set(
        file,
        "pricing.factors",
        """[{"name": "a", "kind": "constant", "value": 1000000}, {"name": "b", "kind": "integer", "field": "variant_count"}, {"name": "c", "kind": "constant", "value": 50}]""")))
        .Cost("""{"size": "2K", "variant_count": 20}"""));

    [Fact]
    public void Units_without_a_bound_are_refused() => AssertErrors(
        "bloom",
        "pricing.fields[1].refusal",
        "\"DIMENSIONS_TOO_LARGE\"",
        "pricing.units: 'variant_count' has a refusal, so that a request may have any number of units");

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        var errors = Errors("""{"product": 1, "plans": [{"id": "x", "free": 2}], "pricing": {"factors": [{"kind": "lookup"}]}, "top_up": {}}""");
        Assert.Equal(
            [
                "pricing.factors[0].name: is required",
                "pricing.factors[0].field: is required",
                "plans[0].name: is required",
                "plans[0].allowance: is required",
                "plans[0].free: must be true or false",
                "plans[0].rate_limit: is required",
                "plans[0].entitlements: is required",
                "base: is required",
                "product: must be one line of 1 to 60 characters, not blank and none of them invisible",
                "name: is required",
                "noun: is required",
                "exhausted_code: is required",
                "low_credits_percent: is required",
                "generation_ttl_seconds: is required",
                "test_entitlements: is required",
                "top_up: unknown field; did you mean 'top_ups'?",
            ],
            errors);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"product\": }")]
    public void What_is_no_JSON_is_refused(string file) => Assert.StartsWith("catalog: not JSON: ", Assert.Single(Errors(file)), StringComparison.Ordinal);

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("7")]
    public void What_is_no_object_is_refused(string file) => Assert.Equal(["catalog: must be an object"], Errors(file));

    [Fact]
    public void A_member_given_twice_is_refused() =>
        Assert.Contains("name: is given twice", Errors(Request.File("bloom").Replace("\"noun\"", "\"name\": \"x\", \"noun\"", StringComparison.Ordinal)));

    [Fact]
    public void Comments_and_trailing_commas_are_fine() =>
        Assert.Equal("bloom", Catalog.Parse("// ours\n" + Request.File("bloom").Replace("\"noun\": \"Image\",", "\"noun\": \"Image\", /* ! */", StringComparison.Ordinal).TrimEnd()[..^1] + ",}").Product);

    [Fact]
    public void What_a_seller_may_leave_out_and_set_is_read()
    {
        var catalog = Catalog.Parse(Request.File("bluma", file =>
        {
            Set(file, "top_ups.max", "10");
            Set(file, "action_url", "\"http://example.com/buy\"");
            Set(file, "contact", """{"support": "help@example.com", "sales": "https://example.com/sales"}""");
            Set(file, "upgrade", "\"now\"");
            Set(file, "grace_days", "60");
            Set(file, "test_rate_limit", "");
            Set(file, "plans[3].allowance", """{"min": 3000, "max": 3000.001}""");
            Set(file, "pricing.fields[1].synonyms", """{"UHD": "4K", "uhd": "1080p", "hd": "720p"}""");
            Set(file, "pricing.fields[2].min", "30");
            Set(file, "pricing.fields[2].max", "30");
        }));
        Assert.Equal([Scalar.Of("4K"), Scalar.Of("720p")], new[] { "Uhd", "HD" }.Select(word => catalog.Parse($$"""{"template_id": "news-anchor", "resolution": "{{word}}"}""").Values["resolution"]));
        Assert.Equal(new TopUpOffer(Credits.Of(10), Credits.Of(10)), catalog.TopUps);
        Assert.Equal(("http://example.com/buy", "http://example.com/buy"), (catalog.BuyUrl, catalog.PayUrl));
        Assert.Equal(new Contact("help@example.com", "https://example.com/sales"), catalog.Contact);
        Assert.Equal((true, TimeSpan.FromDays(60), null), (catalog.UpgradesNow, catalog.PaymentGrace, catalog.TestRateLimit));
        Assert.Equal(new Credits(3_000_001), catalog.Plans[3].Allowance.Max);

        var least = Catalog.Parse(Request.File("bluma", file =>
        {
            Set(file, "top_ups", "");
            Set(file, "contact", """{"support": "help@example.com"}""");
            Set(file, "upgrade", "\"renewal\"");
        }));
        Assert.Equal((null, new Contact("help@example.com", null), false, TimeSpan.Zero), (least.TopUps, least.Contact, least.UpgradesNow, least.PaymentGrace));
        Assert.Null(Catalog.Parse(Request.File("bluma", file => Set(file, "contact", ""))).Contact);
        Assert.Equal((least.Plans[0].Limits, least.Plans[0].Entitlements), (least.LimitsOf(null), least.EntitlementsOf(null)));
        Assert.Equal("credits: Bluma sells no top-ups", least.CheckTopUp(Credits.Of(20))!.Detail);
    }

    [Fact]
    public void Without_plans_there_are_still_prices() =>
        Assert.Equal(2, Catalog.Parse(Request.File("bloom", file => Set(file, "plans", ""))).Cost("""{"size": "4K"}"""));

    [Fact]
    public void Any_broken_member_is_a_told_mistake_never_a_crash()
    {
        foreach (var product in new[] { "bloom", "bluma", "gleam" })
        {
            foreach (var path in Paths(JsonNode.Parse(Request.File(product)), "").Where(path => path.Length > 0))
            {
                foreach (var value in new[] { "", "[{}]", "{}", "-1", "1e300", "\"\"", "true" })
                {
                    var file = JsonNode.Parse(Request.File(product))!;
                    Set(file, path, value);
                    if (Xunit.Record.Exception(() => Catalog.Parse(file.ToJsonString())) is { } exception)
                    {
                        Assert.NotEmpty(Assert.IsType<CatalogException>(exception).Errors);
                    }
                }
            }
        }
    }

    private static IEnumerable<string> Paths(JsonNode? node, string path) => node switch
    {
        JsonObject members => members.SelectMany(member => Paths(member.Value, path.Length == 0 ? member.Key : $"{path}.{member.Key}")).Append(path),
        JsonArray items => items.SelectMany((item, index) => Paths(item, $"{path}[{index}]")).Append(path),
        _ => [path],
    };

    private static void AssertErrors(string product, string path, string value, string error)
    {
        var errors = Errors(Request.File(product, file => Set(file, path, value)));
        Assert.Contains(error, errors);
        Assert.True(errors.Length <= 6, string.Join('\n', errors));
    }

    private static string[] Errors(string file) => [.. Assert.Throws<CatalogException>(() => Catalog.Parse(file)).Errors];

    /// <summary>Sets what is at a path such as <c>plans[2].price</c>; an empty value deletes it.</summary>
    private static void Set(JsonNode file, string path, string value)
    {
        var steps = path.Replace("[", ".[", StringComparison.Ordinal).Split('.');
        var parent = steps[..^1].Aggregate(file, (node, step) => step[0] == '[' ? node[int.Parse(step[1..^1], null)]! : node[step]!);
        var last = steps[^1];
        if (last[0] == '[')
        {
            parent.AsArray()[int.Parse(last[1..^1], null)] = value.Length == 0 ? null : JsonNode.Parse(value);
        }
        else if (value.Length == 0)
        {
            parent.AsObject().Remove(last);
        }
        else
        {
            parent[last] = JsonNode.Parse(value);
        }
    }
}
