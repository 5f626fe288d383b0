using System.Text.Json;
using System.Text.Json.Nodes;
using Billing.Catalogs;

namespace Billing.Tests.Catalogs;

/// <summary>Generation requests and catalog files as JSON text.</summary>
internal static class Request
{
    public static Catalog Bloom => CatalogSet.Shipped["bloom"];

    public static Catalog Bluma => CatalogSet.Shipped["bluma"];

    public static Catalog Gleam => CatalogSet.Shipped["gleam"];

    public static Dictionary<string, JsonElement> Fields(string json) =>
        JsonElement.Parse(json).EnumerateObject().ToDictionary(member => member.Name, member => member.Value);

    public static Usage Parse(this Catalog catalog, string json)
    {
        Assert.True(catalog.ParseUsage(Fields(json)).TryGet(out var usage, out var refusal), refusal?.Detail);
        return usage;
    }

    public static Refusal Refuse(this Catalog catalog, string json)
    {
        Assert.False(catalog.ParseUsage(Fields(json)).TryGet(out _, out var refusal));
        Assert.Equal(Refusals.InvalidRequest, refusal.Code);
        return refusal;
    }

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
