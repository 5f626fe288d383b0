using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Billing.Api.Http;
using Billing.Catalogs;
using Billing.Reading;

namespace Billing.Api.OpenApi;

/// <summary>The examples of a document: those of shipped products where these are sold, own ones for what else is. An example says by <c>x-product</c> whose it is.</summary>
internal sealed class DeploymentExamples
{
    private const string Generations = "/api/v1/generations";
    private const string Owner = "x-product";
    private readonly JsonObject _document;
    private readonly ImmutableArray<Catalog> _sold;
    private readonly JsonNode _quote;
    private readonly JsonNode _generation;

    public DeploymentExamples(JsonObject document, ImmutableArray<Catalog> sold)
    {
        (_document, _sold) = (document, sold);
        _quote = FirstOf(Answer($"{Generations}/quote", "post", "200"));
        _generation = FirstOf(Answer(Generations, "post", "201"));
    }

    /// <summary>Takes out the examples of products that are not sold; where others name one in passing, they name what is.</summary>
    public void LeaveOutUnsold()
    {
        ImmutableArray<string> unsold = [.. CatalogSet.Shipped.All.Select(catalog => catalog.Product).Except(_sold.Select(catalog => catalog.Product))];
        if (unsold.IsEmpty)
        {
            return;
        }

        foreach (var examples in Below(_document).Select(node => node["examples"]).OfType<JsonObject>().ToList())
        {
            foreach (var name in examples.Where(one => one.Value?[Owner]?.GetValue<string>() is { } owner && unsold.Contains(owner)).Select(one => one.Key).ToList())
            {
                examples.Remove(name);
            }
        }

        foreach (var example in Below(_document).SelectMany(node => new[] { node["example"], node["examples"] }).OfType<JsonNode>().ToList())
        {
            Rename(example, unsold);
        }
    }

    /// <summary>Adds an example of each product that has none.</summary>
    public void AddOwn()
    {
        foreach (var catalog in _sold)
        {
            var usage = catalog.UsageSchema().Example;
            Add(Body($"{Generations}/quote", "post"), catalog, usage);
            Add(Body($"{Generations}/check", "post"), catalog, usage);
            Add(Body(Generations, "post"), catalog, usage);
            Add(Body($"{Generations}/batch", "post"), catalog, new JsonObject { ["items"] = new JsonArray(usage.DeepClone(), usage.DeepClone()) });
            Add(Answer("/api/v1/plans", "get", "200"), catalog, ViewOf(catalog));
            if (catalog.ParseUsage(ObjectReader.Root(JsonSerializer.SerializeToElement(usage))).TryGet(out var parsed, out _))
            {
                Add(Answer($"{Generations}/quote", "post", "200"), catalog, QuoteOf(catalog.Price(parsed)));
                Add(Answer(Generations, "post", "201"), catalog, GenerationOf(catalog, catalog.Price(parsed)));
            }
        }
    }

    private static void Add(JsonObject media, Catalog catalog, JsonNode value)
    {
        var examples = media["examples"]!.AsObject();
        if (examples.Any(example => example.Value![Owner]?.GetValue<string>() == catalog.Product))
        {
            return;
        }

        // Examples that are nobody's have names, too: a product may be called so.
        var name = examples.ContainsKey(catalog.Product) ? $"{catalog.Product}_product" : catalog.Product;
        var own = new JsonObject { ["summary"] = $"{catalog.Name}: {catalog.Noun}", [Owner] = catalog.Product, ["value"] = value.DeepClone() };

        // Readers show the first one: a product's rather than nobody's.
        examples.Insert(examples.TakeWhile(example => example.Value![Owner] is not null).Count(), name, own);
    }

    private static JsonNode ViewOf(Catalog catalog)
    {
        var address = catalog.BuyUrl.StartsWith('/') ? "https://billing.example.org" + catalog.BuyUrl : catalog.BuyUrl;
        return JsonSerializer.SerializeToNode(catalog.View() with { ActionUrl = address }, ApiJson.Options)!;
    }

    private JsonNode QuoteOf(Price price)
    {
        var quote = _quote.DeepClone();
        Put(quote, price);
        return quote;
    }

    private JsonNode GenerationOf(Catalog catalog, Price price)
    {
        var generation = _generation.DeepClone();
        var plan = catalog.DefaultPlan ?? catalog.Plans.FirstOrDefault();
        Put(generation, price);
        generation["charged"]!["credits"] = generation["cost"]!.DeepClone();
        generation["entitlements"] = JsonSerializer.SerializeToNode(catalog.EntitlementsOf(plan), ApiJson.Options);
        var createdAt = DateTimeOffset.Parse(generation["created_at"]!.GetValue<string>(), CultureInfo.InvariantCulture);
        generation["expires_at"] = Instants.Text(createdAt + catalog.GenerationTimeToLive);
        return generation;
    }

    private static void Put(JsonNode priced, Price price)
    {
        priced["cost"] = JsonSerializer.SerializeToNode(price.Cost, ApiJson.Options);
        priced["breakdown"] = JsonSerializer.SerializeToNode(price.Breakdown, ApiJson.Options);
        priced["units"] = price.Units;
    }

    private void Rename(JsonNode node, ImmutableArray<string> unsold)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members.Where(member => member.Value is not null).ToList())
                {
                    members[name] = Renamed(name, value!, unsold);
                }

                break;
            case JsonArray items:
                for (var index = 0; index < items.Count; index++)
                {
                    if (items[index] is { } item)
                    {
                        items[index] = Renamed("", item, unsold);
                    }
                }

                break;
        }
    }

    private JsonNode? Renamed(string name, JsonNode value, ImmutableArray<string> unsold)
    {
        if (value is not JsonValue || value.GetValueKind() != JsonValueKind.String)
        {
            Rename(value, unsold);
            return value.DeepClone();
        }

        var text = value.GetValue<string>();
        var plans = _sold.SelectMany(catalog => catalog.Plans).Select(plan => plan.Id).ToList();
        return name is "plan" or "tier" && plans.Count > 0 && !plans.Contains(text) ? plans[0] : RenamedText(text, unsold);
    }

    private string RenamedText(string text, ImmutableArray<string> unsold)
    {
        var product = _sold[0].Product;
        return unsold.Aggregate(text, (current, gone) => current == gone ? product : current
            .Replace($"product={gone}", $"product={product}", StringComparison.Ordinal)
            .Replace($"{gone}_live_", $"{product}_live_", StringComparison.Ordinal)
            .Replace($"{gone}_test_", $"{product}_test_", StringComparison.Ordinal));
    }

    private static IEnumerable<JsonObject> Below(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => Below(member.Value)).Prepend(members),
        JsonArray items => items.SelectMany(Below),
        _ => [],
    };

    private JsonObject Body(string path, string method) => Json(_document["paths"]![path]![method]!["requestBody"]!);

    private JsonObject Answer(string path, string method, string status) => Json(_document["paths"]![path]![method]!["responses"]![status]!);

    private static JsonObject Json(JsonNode body) => body["content"]!["application/json"]!.AsObject();

    private static JsonNode FirstOf(JsonObject media) => media["examples"]!.AsObject().First().Value!["value"]!.DeepClone();
}
