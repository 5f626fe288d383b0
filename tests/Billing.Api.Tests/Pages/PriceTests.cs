using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Billing.Api.Tests.Balances;
using Billing.Api.Tests.Pages.Browser;
using Billing.Api.Tests.Worlds;
using Billing.Testing;

namespace Billing.Api.Tests.Pages;

/// <summary>What the pages' calculator says is what the API quotes.</summary>
public sealed class PriceTests
{
    private const string Priced = """
        import('/assets/price.js').then(({ priceOf }) => JSON.stringify(REQUESTS.map((asked) => {
          try {
            const { cost, breakdown } = priceOf(CATALOG, asked);
            return { cost, breakdown };
          } catch {
            return null;
          }
        })))
        """;

    [BrowserFact]
    public async Task What_the_page_calculates_is_what_is_quoted()
    {
        var world = await World.Shared;
        await using var page = await Tab.OpenAsync(world, "/pricing");
        await CompareAsync(world, page, "bluma", 67);
        await CompareAsync(world, page, "bloom", 67);
        await CompareAsync(world, page, "gleam", 66);
    }

    [BrowserFact]
    public async Task Factors_of_six_places_are_multiplied_exactly_and_rounded_up_once()
    {
        var settings = OwnCatalog.Settings();
        await File.WriteAllTextAsync(Path.Combine(settings["Billing__Catalogs"], "odd.json"), Odd(new Random(20251102)));
        await using var world = await World.StartAsync(settings: settings);
        await using var page = await Tab.OpenAsync(world, "/pricing");
        await CompareAsync(world, page, "odd", 100);
    }

    [BrowserFact]
    public async Task What_the_API_refuses_has_no_price_on_the_page()
    {
        var world = await World.Shared;
        await using var page = await Tab.OpenAsync(world, "/pricing");
        await RefusedAsync(world, page, "bluma", "{}", """{"template_id": "nothing"}""", """{"template_id": "news-anchor", "duration": 0}""", """{"template_id": "news-anchor", "duration": 3601}""",
            """{"template_id": "news-anchor", "duration": 1.5}""", """{"template_id": "news-anchor", "resolution": "8K"}""");
        await RefusedAsync(world, page, "bloom", "{}", """{"size": "8K"}""", """{"size": "2K", "variant_count": 21}""");
    }

    [BrowserFact]
    public async Task Choices_are_taken_in_any_case_and_by_their_synonyms()
    {
        var world = await World.Shared;
        await using var page = await Tab.OpenAsync(world, "/pricing");
        await CompareAsync(world, page, await CatalogAsync(world, "bloom"), ["""{"size": "4k"}"""]);
        await CompareAsync(world, page, await CatalogAsync(world, "gleam"), ["""{"format": "JPG"}""", """{"format": "Png"}"""]);
    }

    private static string Odd(Random random) => $$"""
        {
          "product": "odd", "name": "Odd", "noun": "Thing", "action_url": "https://example.com", "exhausted_code": "INSUFFICIENT_CREDITS",
          "low_credits_percent": 20, "generation_ttl_seconds": 3600, "top_ups": { "min": 1, "max": 10 },
          "base": { "rate_limit": { "kind": "sliding", "limit": 120, "window_seconds": 60 }, "entitlements": { "watermark": false } },
          "test_entitlements": { "watermark": true },
          "pricing": {{OddPricing.Pricing(random)}},
          "templates": {{OddPricing.Templates(random)}}
        }
        """;

    private static async Task CompareAsync(World world, Tab page, string product, int count)
    {
        var catalog = await CatalogAsync(world, product);
        var random = new Random(20251101);
        var priced = await CompareAsync(world, page, catalog, [.. Enumerable.Range(0, count).Select(_ => RandomRequest(catalog.Root, random))]);
        Assert.True(catalog.At("pricing.factors").GetArrayLength() == 1 || priced.Select(price => price.GetProperty("cost").GetRawText()).Distinct().Count() > 3, $"{product} has hardly any prices");
    }

    private static async Task<JsonElement[]> CompareAsync(World world, Tab page, Answer catalog, IReadOnlyList<string> requests)
    {
        var product = catalog.Text("product");
        var priced = await PricedAsync(page, catalog, requests);
        var customer = await world.CustomerAsync(product);
        foreach (var (request, price) in requests.Zip(priced))
        {
            var quote = (await customer.Session.PostAsync("generations/quote", request)).Is(200);
            Assert.True(price.ValueKind == JsonValueKind.Object, $"{product} {request} has no price on the page, and is quoted {quote.Number("cost")}");
            Assert.True(quote.Number("cost") == price.GetProperty("cost").GetDecimal(), $"{product} {request}: the page says {price}, the quote {quote.Body}");
            quote.Shows(price.GetProperty("breakdown").GetRawText(), "breakdown");
        }

        return priced;
    }

    private static async Task RefusedAsync(World world, Tab page, string product, params string[] requests)
    {
        var customer = await world.CustomerAsync(product);
        foreach (var request in requests)
        {
            (await customer.Session.PostAsync("generations/quote", request)).Is(400);
        }

        Assert.All(await PricedAsync(page, await CatalogAsync(world, product), requests), price => Assert.Equal(JsonValueKind.Null, price.ValueKind));
    }

    private static async Task<Answer> CatalogAsync(World world, string product) => (await world.Anyone.GetAsync($"plans?product={product}")).Is(200);

    private static async Task<JsonElement[]> PricedAsync(Tab page, Answer catalog, IReadOnlyList<string> requests) => JsonSerializer.Deserialize<JsonElement[]>(await page.EvaluateAsync<string>(
        Priced.Replace("CATALOG", catalog.Body, StringComparison.Ordinal).Replace("REQUESTS", $"[{string.Join(", ", requests)}]", StringComparison.Ordinal)))!;

    private static string RandomRequest(JsonElement catalog, Random random)
    {
        var request = new JsonObject();
        foreach (var field in catalog.GetProperty("pricing").GetProperty("fields").EnumerateArray())
        {
            if (field.GetProperty("required").GetBoolean() || random.Next(3) > 0)
            {
                request[field.GetProperty("name").GetString()!] = RandomValue(field, catalog, random);
            }
        }

        return request.ToJsonString();
    }

    private static JsonNode RandomValue(JsonElement field, JsonElement catalog, Random random) => field.GetProperty("type").GetString() switch
    {
        "choice" => OneOf(field.GetProperty("choices"), random).GetString()!,
        "integer" => random.NextInt64(field.GetProperty("min").GetInt64(), (field.GetProperty("max").GetInt64() >> random.Next(10)) + 1),
        "template" => OneOf(catalog.GetProperty("templates"), random).GetProperty("id").GetString()!.Replace("*", random.Next(1000).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal),
        var type => throw new InvalidOperationException(type),
    };

    private static JsonElement OneOf(JsonElement array, Random random) => array[random.Next(array.GetArrayLength())];
}
