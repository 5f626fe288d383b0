using System.Text.Json;
using Billing.Testing.OpenApi;

namespace Billing.Api.Tests.OpenApi;

/// <summary>The OpenAPI document of this checkout.</summary>
internal static class Documents
{
    public static readonly OpenApiDocument Current = OpenApiDocument.Load();

    /// <summary>A schema by its name.</summary>
    public static JsonElement Schema(string name) => Current.Find($"#/components/schemas/{name}");

    /// <summary>The words that a schema allows.</summary>
    public static IEnumerable<string> Words(string schema) => Words(Schema(schema));

    /// <summary>The words that a schema allows; null is none.</summary>
    public static IEnumerable<string> Words(JsonElement schema) =>
        schema.GetProperty("enum").EnumerateArray().Select(word => word.GetString()).OfType<string>();

    /// <summary>The fields that a schema requires.</summary>
    public static IEnumerable<string> Required(JsonElement schema) =>
        schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()!) : [];

    /// <summary>Each credential, or several together, that an operation takes; none where it asks for none.</summary>
    public static IEnumerable<string> Credentials(OpenApiOperation operation) => operation.Element.GetProperty("security").EnumerateArray()
        .Select(schemes => string.Join(" and ", schemes.EnumerateObject().Select(scheme => scheme.Name)));

    /// <summary>What is said of the JSON in a request body or an answer.</summary>
    public static JsonElement Json(JsonElement body) => body.GetProperty("content").GetProperty("application/json");

    /// <summary>The codes that an error answer can have: its schema is allOf the problem, and what this one has of it.</summary>
    public static IEnumerable<string> Codes(JsonElement response) => Words(Narrowed(response).GetProperty("properties").GetProperty("code"));

    /// <summary>What an error answer has of the problem.</summary>
    public static JsonElement Narrowed(JsonElement response) =>
        response.GetProperty("content").GetProperty("application/problem+json").GetProperty("schema").GetProperty("allOf")[1];

    /// <summary>Every object in the document, with where it is.</summary>
    public static IEnumerable<(string At, JsonElement Element)> Objects() => Objects(Current.Root);

    /// <summary>Every object in another document, with where it is.</summary>
    public static IEnumerable<(string At, JsonElement Element)> Objects(JsonElement root) => Objects("#", root);

    private static IEnumerable<(string At, JsonElement Element)> Objects(string at, JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(field => Objects($"{at}/{field.Name}", field.Value)).Prepend((at, element)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany((item, index) => Objects($"{at}/{index}", item)),
        _ => [],
    };
}
