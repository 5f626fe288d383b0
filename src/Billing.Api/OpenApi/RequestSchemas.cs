using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Billing.Catalogs;

namespace Billing.Api.OpenApi;

/// <summary>The schemas of what is asked for: of each product a generation and, with an account to open, an admit; and the bodies that take any of them.</summary>
internal static class RequestSchemas
{
    private const string Quoted = "QuotedGeneration";
    private const string QuotedAdmit = "QuotedAdmitRequest";
    private static readonly ImmutableArray<Catalog> Shipped = [.. CatalogSet.Shipped.All];

    public static void Put(JsonObject schemas, ImmutableArray<Catalog> sold)
    {
        var at = schemas.IndexOf(Prefix(Shipped[0].Product) + "Generation");
        foreach (var shipped in Shipped)
        {
            schemas.Remove(Prefix(shipped.Product) + "Generation");
            schemas.Remove(Prefix(shipped.Product) + "AdmitRequest");
        }

        var names = NamesOf(sold, schemas);
        foreach (var (catalog, name) in sold.Zip(names))
        {
            schemas.Insert(at++, $"{name}Generation", SchemaOf(catalog, schemas[Quoted]!));
            schemas.Insert(at++, $"{name}AdmitRequest", SchemaOf(catalog, schemas[QuotedAdmit]!));
        }

        schemas["GenerationRequest"]!["anyOf"] = References([.. names.Select(name => $"{name}Generation"), Quoted]);
        schemas["AdmitRequest"]!["anyOf"] = References([.. names.Select(name => $"{name}AdmitRequest"), QuotedAdmit]);
        schemas["BatchRequest"]!["properties"]!["items"]!["items"]!["anyOf"] = References([.. names.Select(name => $"{name}Generation"), Quoted]);
        PutProducts(schemas, sold);
        PutDelivered(schemas["CompleteRequest"]!["properties"]!.AsObject(), sold);
        PutDelivered(schemas["CompletedItem"]!["properties"]!.AsObject(), sold);
    }

    /// <summary>What the names of each product's schemas begin with. Two that differ in case alone would be one file for some generators.</summary>
    private static ImmutableArray<string> NamesOf(ImmutableArray<Catalog> sold, JsonObject schemas)
    {
        var taken = schemas.Select(schema => schema.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. sold.Select(catalog =>
        {
            var name = Prefix(catalog.Product);
            while (taken.Contains($"{name}Generation") || taken.Contains($"{name}AdmitRequest"))
            {
                name += "Product";
            }

            taken.Add($"{name}Generation");
            return name;
        })];
    }

    private static string Prefix(string product) => char.ToUpper(product[0], CultureInfo.InvariantCulture) + product[1..];

    /// <param name="common">The schema of what needs no field of a product: it has those that all have.</param>
    private static JsonObject SchemaOf(Catalog catalog, JsonNode common)
    {
        var usage = catalog.UsageSchema();
        var properties = usage.Properties.DeepClone().AsObject();
        foreach (var (name, schema) in common["properties"]!.AsObject())
        {
            properties[name] = schema!.DeepClone();
        }

        var made = new JsonObject { ["type"] = "object", ["description"] = $"{catalog.Name}: {catalog.Noun}." };
        if (!usage.Required.IsEmpty)
        {
            made["required"] = new JsonArray([.. usage.Required.Select(name => JsonValue.Create(name))]);
        }

        made["properties"] = properties;
        made["additionalProperties"] = false;
        made["examples"] = new JsonArray(usage.Example);
        return made;
    }

    private static void PutProducts(JsonObject schemas, ImmutableArray<Catalog> sold)
    {
        schemas["SoldProduct"]!["enum"] = new JsonArray([.. sold.Select(catalog => JsonValue.Create(catalog.Product))]);
        schemas["Product"]!["examples"] = new JsonArray(JsonValue.Create(sold[0].Product));
    }

    /// <summary>What may be known only when a generation is delivered: as wide as the widest product has it.</summary>
    private static void PutDelivered(JsonObject properties, ImmutableArray<Catalog> sold)
    {
        foreach (var (name, _) in Shipped.SelectMany(catalog => catalog.UsageSchema().Delivered))
        {
            properties.Remove(name);
        }

        foreach (var same in sold.SelectMany(catalog => catalog.UsageSchema().Delivered.Select(field => (field.Key, Schema: field.Value!, catalog.Name))).GroupBy(field => field.Key))
        {
            var schema = same.MinBy(field => field.Schema["minimum"]!.GetValue<long>()).Schema.DeepClone();
            schema["description"] = string.Join(' ', same.Select(field => $"{field.Name}, where it is only known now: {field.Schema["description"]}"));
            properties[same.Key] = schema;
        }
    }

    private static JsonArray References(IEnumerable<string> names) =>
        [.. names.Select(name => new JsonObject { ["$ref"] = $"#/components/schemas/{name}" })];
}
