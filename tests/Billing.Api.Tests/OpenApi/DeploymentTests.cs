using System.Text.Json;
using System.Text.RegularExpressions;
using Billing.Api.OpenApi;
using Billing.Api.Tests.Pages.Browser;
using Billing.Api.Tests.Worlds;
using Billing.Catalogs;
using Billing.Reading;
using Billing.Testing;
using Billing.Testing.OpenApi;

namespace Billing.Api.Tests.OpenApi;

/// <summary>The document of a deployment that sells something else than the shipped products.</summary>
public sealed partial class DeploymentTests
{
    private const string Generations = "/api/v1/generations";

    /// <summary>Names that are words of languages, that nothing but quotes can hold, and that other schemas or examples of the document have.</summary>
    private const string Odd = """
        {
          "product": "quoted", "name": "Odd \"one\"", "noun": "Thing", "exhausted_code": "INSUFFICIENT_CREDITS", "low_credits_percent": 20, "generation_ttl_seconds": 60,
          "base": { "rate_limit": { "kind": "sliding", "limit": 60, "window_seconds": 60 }, "entitlements": {} }, "test_entitlements": {},
          "pricing": {
            "fields": [
              { "name": "class", "aliases": ["the class", "2nd-class", "$ref"], "type": "integer", "min": 0, "max": 3, "required": true },
              { "name": "default", "type": "choice", "choices": ["only"], "default": "only" },
              { "name": "example", "type": "choice", "choices": ["bloom", "8 K", "null"], "synonyms": { "blume": "bloom" }, "required": true, "description": "What it looks like." },
              { "name": "note", "type": "text", "max_length": 3 },
              { "name": "template", "type": "template", "default": "a-1" },
              { "name": "bytes", "type": "integer", "min": 5, "max": 10, "refusal": "FILE_TOO_LARGE" },
              { "name": "form", "type": "choice", "choices": ["x", "y"], "refusal": "FORMAT_NOT_SUPPORTED" }
            ],
            "factors": [{ "name": "one", "kind": "lookup", "field": "example", "values": { "bloom": 1, "8 K": 0.000001, "null": 2 } }]
          },
          "templates": [{ "id": "a-*", "tier": "one" }]
        }
        """;

    private static readonly string[] TakenBodies =
    [
        "{}",
        """{"sheets": 1}""",
        """{"sheets": 10, "description": "A cat", "metadata": {"order": "42"}}""",
    ];

    private static readonly string[] RefusedBodies =
    [
        """{"sheet": 1}""",
        """{"sheets": 0}""",
        """{"sheets": 11}""",
        """{"sheets": 1.5}""",
        """{"sheets": "1"}""",
        """{"size": "4K"}""",
        """[]""",
    ];

    private static readonly string Sketch = SketchOfTheDocs();

    internal static OpenApiDocument OfSketch { get; } = Of(Sketch);

    internal static OpenApiDocument OfOdd { get; } = Of(Odd, Sketch);

    public static TheoryData<string> Shipped => [.. CatalogSet.Shipped.All.Select(catalog => catalog.Product)];

    public static TheoryData<string> Taken => [.. TakenBodies];

    public static TheoryData<string> Refused => [.. RefusedBodies];

    [Fact]
    public async Task A_Host_with_the_sketch_catalog_serves_its_document_and_answers_as_it_says()
    {
        await using var world = await World.StartAsync(settings: FolderOf(Sketch));
        var served = (await world.Anyone.GetAsync("openapi.json")).Is(200).Body;
        Assert.Equal(OfSketch.Root.GetRawText(), new OpenApiDocument(served).Root.GetRawText());

        var customer = await world.CustomerAsync("sketch", "solo");
        foreach (var body in TakenBodies)
        {
            (await customer.Own.PostAsync("generations/quote", body)).Is(200);
            (await customer.Own.PostAsync("generations/check", body)).Is(200);
            (await customer.Service.PostAsync("generations", body)).Is(201);
        }

        foreach (var body in RefusedBodies)
        {
            (await customer.Own.PostAsync("generations/quote", body)).Is(400);
            (await customer.Service.PostAsync("generations", body)).Is(400);
        }

        var (asked, answered) = (ExampleOf(OfSketch, "requestBody"), ExampleOf(OfSketch, "responses", "200"));
        var quote = (await customer.Own.PostAsync("generations/quote", asked.GetRawText())).Is(200);
        Assert.Equal(answered.GetProperty("cost").GetDecimal(), quote.Number("cost"));
        Assert.Equal(answered.GetProperty("breakdown").GetRawText(), quote.Root.GetProperty("breakdown").GetRawText());
    }

    [BrowserFact]
    public async Task The_reference_page_shows_what_is_sold()
    {
        await using var world = await World.StartAsync(settings: FolderOf(Sketch));
        await using var page = await Tab.OpenAsync(world, "/reference");
        await page.SeesAsync("#page", "Admit a generation", "Sketch: Drawing.");
        Assert.DoesNotContain("variant_count", await page.EvaluateAsync<string>("document.getElementById('quoteGeneration').textContent"), StringComparison.Ordinal);
        Assert.Contains("""{"sheets":1}""", await page.EvaluateAsync<string>("document.getElementById('admitGeneration').textContent"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_sold_once_is_not_in_the_document()
    {
        var sold = CatalogSet.Shipped.Own();
        var before = DeploymentDocument.Of(GetOpenApi.Frame.Value, sold.All);
        sold.Keep(Array.Empty<string>().ToLookup(_ => ""), [Catalog.Parse(Sketch)]);
        Assert.Contains(sold.Known, catalog => catalog.Product == "sketch");
        Assert.Equal(before, DeploymentDocument.Of(GetOpenApi.Frame.Value, sold.All));
    }

    [Fact]
    public void What_is_sold_beside_the_shipped_products_is_added_to_them()
    {
        var document = new OpenApiDocument(DeploymentDocument.Of(GetOpenApi.Frame.Value, CatalogSet.Shipped.All.Append(Catalog.Parse(Sketch))));
        Assert.Equal(["bloom", "bluma", "gleam", "sketch"], Documents.Words(document.Find("#/components/schemas/SoldProduct")));
        Assert.Empty(Check(document, BodyOf(document, Generations), """{"sheets": 2}"""));
        Assert.Empty(Check(document, BodyOf(document, Generations), """{"size": "4K"}"""));
        Assert.NotEmpty(Check(document, BodyOf(document, Generations), """{"size": "4K", "sheets": 2}"""));
    }

    [Fact]
    public void It_has_the_operations_of_the_shipped_one_and_no_word_of_its_products()
    {
        Assert.Equal(Documents.Current.Operations.Select(one => one.Id), OfSketch.Operations.Select(one => one.Id));
        Assert.Equal("""["sketch"]""", OfSketch.Find("#/components/schemas/SoldProduct/enum").GetRawText());
        var names = OfSketch.Find("#/components/schemas").EnumerateObject().Select(schema => schema.Name).ToList();
        Assert.Contains("SketchGeneration", names);
        Assert.DoesNotContain(names, name => name.StartsWith("Bloom", StringComparison.Ordinal) || name.StartsWith("Bluma", StringComparison.Ordinal) || name.StartsWith("Gleam", StringComparison.Ordinal));
        Assert.All(Examples(OfSketch), one => Assert.DoesNotMatch(ShippedNames(), one.Value.GetRawText()));
    }

    [Theory]
    [MemberData(nameof(Taken))]
    public void What_sketch_takes_is_valid_wherever_it_is_sent(string body) =>
        Assert.All(Bodies(OfSketch), schema => Assert.Empty(Check(OfSketch, schema, body)));

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_sketch_refuses_is_not(string body)
    {
        Assert.All(Bodies(OfSketch), schema => Assert.NotEmpty(Check(OfSketch, schema, body)));
        Assert.NotEmpty(Check(OfSketch, BodyOf(OfSketch, $"{Generations}/batch"), $$"""{"items": [{{body}}]}"""));
    }

    [Fact]
    public void Only_an_admit_and_a_batch_open_an_account()
    {
        const string Body = """{"sheets": 1, "create": {"product": "sketch", "plan": "solo"}}""";
        Assert.Empty(Check(OfSketch, BodyOf(OfSketch, Generations), Body));
        Assert.Empty(Check(OfSketch, BodyOf(OfSketch, Generations), """{"quote": "qt_x", "create": {"product": "sketch"}}"""));
        Assert.NotEmpty(Check(OfSketch, BodyOf(OfSketch, Generations), """{"sheets": 1, "create": {"product": "bloom"}}"""));
        Assert.NotEmpty(Check(OfSketch, BodyOf(OfSketch, $"{Generations}/quote"), Body));
        Assert.NotEmpty(Check(OfSketch, BodyOf(OfSketch, $"{Generations}/check"), Body));
        Assert.Empty(Check(OfSketch, BodyOf(OfSketch, $"{Generations}/batch"), """{"items": [{"sheets": 2}], "create": {"product": "sketch"}}"""));
        Assert.NotEmpty(Check(OfSketch, BodyOf(OfSketch, $"{Generations}/batch"), $$"""{"items": [{{Body}}]}"""));
    }

    [Fact]
    public void What_only_gleam_tells_of_its_deliveries_is_gone()
    {
        Assert.NotEmpty(Check(OfSketch, BodyOf(OfSketch, $"{Generations}/{{id}}/complete"), """{"width": 5}"""));
        Assert.Empty(Check(OfOdd, BodyOf(OfOdd, $"{Generations}/{{id}}/complete"), """{"bytes": 5}"""));
        Assert.NotEmpty(Check(OfOdd, BodyOf(OfOdd, $"{Generations}/{{id}}/complete"), """{"bytes": 4}"""));
    }

    [Fact]
    public void Every_example_of_own_products_is_as_its_schema_says() => Assert.All(new[] { OfSketch, OfOdd }, document =>
    {
        var examples = Examples(document).ToList();
        Assert.True(examples.Count > 150, $"{examples.Count} examples");
        Assert.Empty(examples.SelectMany(example => document.Schemas.Check(example.Schema, example.Value, closed: true).Select(mistake => $"{example.Value} {mistake}")));
    });

    [Fact]
    public void The_example_of_an_own_product_is_a_request_that_it_takes() => Assert.All(CatalogsOf(Odd, Sketch).All, catalog =>
    {
        var example = JsonSerializer.SerializeToElement(catalog.UsageSchema().Example);
        Assert.True(catalog.ParseUsage(ObjectReader.Root(example)).TryGet(out var usage, out var refusal), refusal?.Detail);
        Assert.Null(catalog.CheckFields(usage));
    });

    [Theory]
    [InlineData("""{"class": 0, "example": "8 K"}""", true)]
    [InlineData("""{"the class": 0, "example": "null"}""", true)]
    [InlineData("""{"$ref": 3, "example": "bloom", "default": "only", "template": "a-7", "note": "äöü"}""", true)]
    [InlineData("""{"class": 1, "example": "bloom", "bytes": 4000, "form": "z"}""", true)]
    [InlineData("""{"class": 1}""", false)]
    [InlineData("""{"class": 4, "example": "bloom"}""", false)]
    [InlineData("""{"class": 1, "example": "16 K"}""", false)]
    [InlineData("""{"class": 1, "example": "bloom", "note": "four"}""", false)]
    [InlineData("""{"class": 1, "example": "bloom", "default": "other"}""", false)]
    [InlineData("""{"class": 1, "example": "bloom", "bytes": 4}""", false)]
    public void A_schema_takes_what_the_catalog_takes_whatever_the_names(string body, bool taken)
    {
        var catalog = CatalogsOf(Odd)["quoted"];
        Assert.Equal(taken, catalog.ParseUsage(ObjectReader.Root(JsonElement.Parse(body))).TryGet(out _, out _));
        Assert.Equal(taken, Check(OfOdd, OfOdd.Find("#/components/schemas/QuotedProductGeneration"), body).Count == 0);
    }

    [Fact]
    public void Names_of_components_are_valid_and_differ_in_more_than_case()
    {
        var names = OfOdd.Find("#/components/schemas").EnumerateObject().Select(schema => schema.Name).ToList();
        Assert.All(names, name => Assert.Matches("^[a-zA-Z0-9._-]+$", name));
        Assert.Equal(names.Count, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Contains("QuotedProductGeneration", names);
        Assert.Empty(Check(OfOdd, BodyOf(OfOdd, Generations), """{"quote": "qt_x"}"""));
    }

    [Fact]
    public void A_choice_that_is_called_like_a_shipped_product_stays() => Assert.Contains(
        "\"bloom\"", OfOdd.Find("#/components/schemas/QuotedProductGeneration/properties/example/enum").GetRawText(), StringComparison.Ordinal);

    [Fact]
    public void What_a_catalog_says_of_a_field_changes_no_price()
    {
        var said = Sketch.Replace("\"default\": 1 }", "\"default\": 1, \"description\": \"Sheets of paper.\" }", StringComparison.Ordinal);
        Assert.NotEqual(Sketch, said);
        Assert.Equal(Catalog.Parse(Sketch).PriceVersion, Catalog.Parse(said).PriceVersion);
        Assert.Equal("Sheets of paper.", Of(said).Find("#/components/schemas/SketchGeneration/properties/sheets/description").GetString());
    }

    [Fact]
    public void A_field_called_like_one_of_every_request_is_refused() =>
        Assert.Throws<CatalogException>(() => Catalog.Parse(Sketch.Replace("\"sheets\"", "\"create\"", StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(Shipped))]
    public void A_shipped_product_that_is_sold_alone_keeps_its_examples(string product)
    {
        var document = new OpenApiDocument(DeploymentDocument.Of(GetOpenApi.Frame.Value, [CatalogSet.Shipped[product]]));
        var admit = document.FindOperation("POST", Generations)!.Element;
        Assert.Contains(product, Documents.Json(admit.GetProperty("requestBody")).GetProperty("examples").EnumerateObject().Select(example => example.Name));
        Assert.Empty(Examples(document).SelectMany(example => document.Schemas.Check(example.Schema, example.Value, closed: true)));
    }

    private static string SketchOfTheDocs()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "writing-a-catalog.md"));
        return Block().Match(page).Groups[1].Value;
    }

    private static OpenApiDocument Of(params string[] catalogs) => new(DeploymentDocument.Of(GetOpenApi.Frame.Value, CatalogsOf(catalogs).All));

    private static CatalogSet CatalogsOf(params string[] catalogs) => CatalogSet.Load(catalogs.Select((json, index) => ($"{index}.json", json)));

    private static Dictionary<string, string> FolderOf(string catalog)
    {
        var folder = Directory.CreateTempSubdirectory("sketch-").FullName;
        File.WriteAllText(Path.Combine(folder, "sketch.json"), catalog);
        return new Dictionary<string, string> { ["Billing__Catalogs"] = folder };
    }

    private static IReadOnlyList<string> Check(OpenApiDocument document, JsonElement schema, string body) => document.Schemas.Check(schema, JsonElement.Parse(body));

    private static IEnumerable<JsonElement> Bodies(OpenApiDocument document) =>
        new[] { Generations, $"{Generations}/quote", $"{Generations}/check" }.Select(path => BodyOf(document, path));

    /// <summary>The example of sketch's quote: what is asked for, or what is answered.</summary>
    private static JsonElement ExampleOf(OpenApiDocument document, params string[] path) => Documents.Json(
        path.Aggregate(document.FindOperation("POST", $"{Generations}/quote")!.Element, (element, name) => element.GetProperty(name))).GetProperty("examples").GetProperty("sketch").GetProperty("value");

    private static JsonElement BodyOf(OpenApiDocument document, string path) => Documents.Json(
        document.Operations.Single(one => (one.Method, one.Path) == ("POST", path)).Element.GetProperty("requestBody")).GetProperty("schema");

    /// <summary>The examples of bodies and answers.</summary>
    private static IEnumerable<(JsonElement Schema, JsonElement Value)> Examples(OpenApiDocument document) =>
        from media in Documents.Objects(document.Root)
        where media.At.EndsWith("json", StringComparison.Ordinal) && media.Element.TryGetProperty("schema", out _)
        from value in media.Element.TryGetProperty("example", out var only) ? [only]
            : media.Element.TryGetProperty("examples", out var several) ? several.EnumerateObject().Select(one => one.Value.GetProperty("value")) : []
        select (media.Element.GetProperty("schema"), value);

    [GeneratedRegex("bloom|bluma|gleam", RegexOptions.IgnoreCase)]
    private static partial Regex ShippedNames();

    [GeneratedRegex("```json\\s*(\\{\\s*\"product\": \"sketch\".*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
