using System.Text.Json;

namespace Billing.Api.Tests.OpenApi;

/// <summary>What the document shows is what it says.</summary>
public sealed class ExampleTests
{
    [Fact]
    public void Every_reference_points_to_something()
    {
        var references = Documents.Objects().Where(one => one.Element.TryGetProperty("$ref", out _)).ToList();
        Assert.NotEmpty(references);
        Assert.All(references, one => Documents.Current.Find(one.Element.GetProperty("$ref").GetString()!));
    }

    [Fact]
    public void Every_example_is_as_its_schema_says()
    {
        var examples = Documents.Objects().Where(one => !one.At.Contains("/example", StringComparison.Ordinal))
            .SelectMany(one => Examples(one.At, one.Element))
            .ToList();
        Assert.True(examples.Count > 150, $"{examples.Count} examples");
        Assert.Empty(examples.SelectMany(example => Documents.Current.Schemas.Check(example.Schema, example.Value, closed: true)
            .Select(mistake => $"{example.At}: {mistake}")));
    }

    [Fact]
    public void Every_json_body_has_an_example() => Assert.Empty(Documents.Objects()
        .Where(one => one.At.EndsWith("json", StringComparison.Ordinal) && !one.At.Contains("openapi.json", StringComparison.Ordinal))
        .Where(one => !one.Element.TryGetProperty("example", out _) && !one.Element.TryGetProperty("examples", out _))
        .Select(one => one.At));

    [Fact]
    public void No_two_operations_have_the_same_id()
    {
        var ids = Documents.Objects().Select(one => one.Element.TryGetProperty("operationId", out var id) ? id.GetString() : null).OfType<string>().ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    /// <summary>Media types, parameters and headers have a schema and examples beside it; schemas have a list of examples and a default of their own.</summary>
    private static IEnumerable<(string At, JsonElement Schema, JsonElement Value)> Examples(string at, JsonElement element)
    {
        var schema = element.TryGetProperty("schema", out var beside) ? beside : element;
        if (element.TryGetProperty("example", out var only) && beside.ValueKind != JsonValueKind.Undefined)
        {
            yield return ($"{at}/example", schema, only);
        }

        if (element.TryGetProperty("default", out var otherwise) && element.TryGetProperty("type", out _) && otherwise.ValueKind != JsonValueKind.Object)
        {
            yield return ($"{at}/default", element, otherwise);
        }

        if (!element.TryGetProperty("examples", out var several))
        {
            yield break;
        }

        var values = several.ValueKind == JsonValueKind.Array
            ? several.EnumerateArray().ToList()
            : several.EnumerateObject().Select(one => one.Value.GetProperty("value")).ToList();
        foreach (var value in values)
        {
            yield return ($"{at}/examples", schema, value);
        }
    }
}
