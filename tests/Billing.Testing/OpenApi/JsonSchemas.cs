using System.Collections.Immutable;
using System.Text.Json;

namespace Billing.Testing.OpenApi;

/// <summary>
/// The part of JSON Schema 2020-12 that the OpenAPI document uses. A keyword that is not understood is reported, never passed over.
/// Source: json-schema.org/draft/2020-12/json-schema-core (sections 10 and 11) and -validation (section 6).
/// </summary>
/// <param name="find">Gives what a <c>$ref</c> points to.</param>
public sealed class JsonSchemas(Func<string, JsonElement> find)
{
    private static readonly ImmutableHashSet<string> Notes =
    [
        "title", "description", "example", "examples", "default", "deprecated", "readOnly", "writeOnly", "$comment", "contentEncoding", "discriminator",
    ];

    /// <summary>What is wrong with a value; empty when nothing is.</summary>
    /// <param name="schema">The schema, or a reference to it.</param>
    /// <param name="value">The value.</param>
    /// <param name="closed">True to report fields that no schema names, wherever they are, as <c>unevaluatedProperties: false</c> would.</param>
    public IReadOnlyList<string> Check(JsonElement schema, JsonElement value, bool closed = false)
    {
        var mistakes = new List<string>();
        CheckValue(schema, value, "$", closed, mistakes);
        return mistakes;
    }

    private void CheckValue(JsonElement schema, JsonElement value, string at, bool closed, List<string> mistakes)
    {
        var look = new Look(value, at, closed, mistakes, []);
        Apply(schema, look);
        if (closed && value.ValueKind == JsonValueKind.Object && !AllowsAnything(schema))
        {
            mistakes.AddRange(value.EnumerateObject().Where(field => !look.Named.Contains(field.Name)).Select(field => $"{at}.{field.Name} is not documented"));
        }
    }

    private static bool AllowsAnything(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.True || (schema.ValueKind == JsonValueKind.Object && !schema.EnumerateObject().Any());

    private void Apply(JsonElement schema, Look look)
    {
        if (schema.ValueKind == JsonValueKind.False)
        {
            look.Mistakes.Add($"{look.At} must not be there");
        }

        foreach (var keyword in schema.ValueKind == JsonValueKind.Object ? schema.EnumerateObject().ToImmutableArray() : [])
        {
            Apply(schema, keyword.Name, keyword.Value, look);
        }
    }

    private void Apply(JsonElement schema, string keyword, JsonElement argument, Look look)
    {
        switch (keyword)
        {
            case "$ref":
                Apply(find(argument.GetString()!), look);
                break;
            case "allOf":
                argument.EnumerateArray().ToList().ForEach(one => Apply(one, look));
                break;
            case "anyOf":
                ApplyChoice(argument, look, matches => matches >= 1);
                break;
            case "oneOf":
                ApplyChoice(argument, look, matches => matches == 1);
                break;
            case "not":
                look.Report(Try(argument, look).Mistakes.Count > 0 ? null : "is what it must not be");
                break;
            case "properties" or "additionalProperties" or "propertyNames":
                ApplyToFields(schema, keyword, argument, look);
                break;
            case "items":
                ApplyToItems(argument, look);
                break;
            default:
                look.Report(Notes.Contains(keyword) ? null : JsonAssertions.Check(keyword, argument, look.Value));
                break;
        }
    }

    private void ApplyChoice(JsonElement choices, Look look, Func<int, bool> isRight)
    {
        var tries = choices.EnumerateArray().Select(choice => Try(choice, look)).ToList();
        var matches = tries.Where(one => one.Mistakes.Count == 0).ToList();
        matches.ForEach(match => look.Named.UnionWith(match.Named));
        if (!isRight(matches.Count))
        {
            var nearest = matches.Count > 0 ? [] : tries.MinBy(one => one.Mistakes.Count)!.Mistakes;
            var butFor = nearest.Count > 0 ? $", the nearest but for: {string.Join("; ", nearest)}" : "";
            look.Mistakes.Add($"{look.At} matches {matches.Count} of {tries.Count} alternatives{butFor}");
        }
    }

    private Look Try(JsonElement schema, Look look)
    {
        var attempt = look with { Mistakes = [], Named = [] };
        Apply(schema, attempt);
        return attempt;
    }

    private void ApplyToFields(JsonElement schema, string keyword, JsonElement argument, Look look)
    {
        if (look.Value.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        var named = schema.TryGetProperty("properties", out var properties) ? properties : default;
        foreach (var field in look.Value.EnumerateObject())
        {
            var isNamed = named.ValueKind == JsonValueKind.Object && named.TryGetProperty(field.Name, out _);
            switch (keyword)
            {
                case "properties" when isNamed:
                    CheckValue(named.GetProperty(field.Name), field.Value, $"{look.At}.{field.Name}", look.Closed, look.Mistakes);
                    look.Named.Add(field.Name);
                    break;
                case "additionalProperties" when !isNamed:
                    CheckValue(argument, field.Value, $"{look.At}.{field.Name}", look.Closed, look.Mistakes);
                    look.Named.Add(field.Name);
                    break;
                case "propertyNames":
                    CheckValue(argument, JsonSerializer.SerializeToElement(field.Name), $"the name {look.At}.{field.Name}", look.Closed, look.Mistakes);
                    break;
            }
        }
    }

    private void ApplyToItems(JsonElement argument, Look look)
    {
        if (look.Value.ValueKind == JsonValueKind.Array)
        {
            var index = 0;
            foreach (var item in look.Value.EnumerateArray())
            {
                CheckValue(argument, item, $"{look.At}[{index++}]", look.Closed, look.Mistakes);
            }
        }
    }

    /// <summary>One value, and what the schemas that apply to it have found and named so far.</summary>
    private sealed record Look(JsonElement Value, string At, bool Closed, List<string> Mistakes, HashSet<string> Named)
    {
        public void Report(string? mistake)
        {
            if (mistake is not null)
            {
                Mistakes.Add($"{At} {mistake}");
            }
        }
    }
}
