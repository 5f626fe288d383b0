using System.Text.Json;
using System.Text.Json.Nodes;
using Billing.Catalogs;
using Billing.RateLimits;
using Billing.Reading;

namespace Billing.Tests.Catalogs;

/// <summary>Generation requests and catalog files as JSON text.</summary>
internal static class Request
{
    public static Catalog Bloom => CatalogSet.Shipped["bloom"];

    public static Catalog Bluma => CatalogSet.Shipped["bluma"];

    public static Catalog Gleam => CatalogSet.Shipped["gleam"];

    public static ObjectReader Reader(string json) => ObjectReader.Root(JsonElement.Parse(json));

    public static Usage Parse(this Catalog catalog, string json)
    {
        Assert.True(catalog.ParseUsage(Reader(json)).TryGet(out var usage, out var refusal), refusal?.Detail);
        return usage;
    }

    public static Refusal Refuse(this Catalog catalog, string json)
    {
        Assert.False(catalog.ParseUsage(Reader(json)).TryGet(out _, out var refusal));
        Assert.Equal(RefusalCodes.InvalidRequest, refusal.Code);
        return refusal;
    }

    /// <summary>Whether nothing but the request itself stands against it.</summary>
    public static Refusal? CheckLimits(this Catalog catalog, Plan? plan, Usage usage) => catalog.CheckLimits(plan, new GenerationCircumstances(0, usage));

    public static (RateLimit Rate, long? Concurrency) Figures(this Limits limits) =>
        (limits.Rate, limits.Most.TryGetValue("concurrency", out var most) ? most : null);

    public static decimal Cost(this Catalog catalog, string json) => catalog.Price(catalog.Parse(json)).Cost.ToDecimal();

    public static Plan Plan(this Catalog catalog, string id)
    {
        Assert.True(catalog.TryGetPlan(id, out var plan));
        return plan;
    }

    /// <summary>A shipped catalog's file.</summary>
    public static string File(string product)
    {
        using var stream = typeof(CatalogSet).Assembly.GetManifestResourceStream($"Billing.Catalogs.{product}.json")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>A shipped catalog's file with changes.</summary>
    public static string File(string product, Action<JsonNode> change)
    {
        var file = JsonNode.Parse(File(product))!;
        change(file);
        return file.ToJsonString();
    }
}
