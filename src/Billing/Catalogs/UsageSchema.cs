using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Billing.Catalogs;

/// <summary>A product's own fields of a generation request, as JSON Schema.</summary>
/// <param name="Properties">Each field in all its spellings.</param>
/// <param name="Required">Those that a request must have. One that may be spelled in another way is not among them: a schema cannot say so where others read it.</param>
/// <param name="Delivered">What may be known only when a generation is delivered.</param>
/// <param name="Example">A request that is accepted, with all that a request has in any case.</param>
public sealed record UsageSchema(JsonObject Properties, ImmutableArray<string> Required, JsonObject Delivered, JsonObject Example)
{
    internal static UsageSchema Of(Pricing pricing)
    {
        var fields = pricing.Form.Fields;
        return new UsageSchema(
            ObjectOf(fields.SelectMany(field => Spellings(field))),
            [.. fields.Where(field => field.Required && field.Aliases.IsEmpty).Select(field => field.Name)],
            ObjectOf(fields.Where(field => pricing.Form.IsDelivered(field.Name)).Select(field => (field.Name, (JsonNode)DescribedSchema(field)))),
            ObjectOf(fields.Where(field => field.AlwaysThere).Select(field => (field.Name, (JsonNode)NodeOf(field.Example)))));
    }

    private static IEnumerable<(string Name, JsonNode Schema)> Spellings(Field field)
    {
        var schema = DescribedSchema(field);
        if (field.Default is { } otherwise)
        {
            schema["default"] = NodeOf(otherwise);
        }

        yield return (field.Name, schema);
        foreach (var alias in field.Aliases)
        {
            var same = field.Schema();
            same["description"] = $"The same as `{field.Name}`; send one of them.";
            yield return (alias, same);
        }
    }

    private static JsonObject DescribedSchema(Field field)
    {
        var schema = field.Schema();
        var needed = field.Required && !field.Aliases.IsEmpty ? "Required, in one of its spellings." : "";
        var words = string.Join(' ', new[] { field.Description ?? "", field.Remarks, needed }.Where(part => part.Length > 0));
        if (words.Length > 0)
        {
            schema["description"] = words;
        }

        return schema;
    }

    private static JsonObject ObjectOf(IEnumerable<(string Name, JsonNode Value)> members) =>
        new(members.Select(member => KeyValuePair.Create(member.Name, (JsonNode?)member.Value)));

    private static JsonValue NodeOf(Scalar value) =>
        value.Number is { } number ? JsonValue.Create(number) : value.Flag is { } flag ? JsonValue.Create(flag) : JsonValue.Create(value.Text)!;
}
