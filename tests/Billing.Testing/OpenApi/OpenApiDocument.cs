using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Billing.Testing.OpenApi;

/// <summary>An OpenAPI document: its operations, and what its references point to.</summary>
public sealed class OpenApiDocument
{
    private static readonly ImmutableArray<string> Methods = ["get", "put", "post", "delete", "patch"];

    // A path item of OpenAPI has no place for the answer to a method that it does not have.
    private static readonly JsonElement MethodNotAllowed = JsonElement.Parse("""
        {
          "headers": {
            "X-Request-Id": { "$ref": "#/components/headers/X-Request-Id" },
            "Allow": { "required": true, "schema": { "type": "string", "minLength": 3 } }
          },
          "content": { "application/problem+json": { "schema": { "allOf": [
            { "$ref": "#/components/schemas/Problem" },
            { "type": "object", "properties": { "status": { "const": 405 }, "code": { "const": "METHOD_NOT_ALLOWED" } } }
          ] } } }
        }
        """);

    private readonly ImmutableDictionary<string, ImmutableArray<OpenApiOperation>> _operations;

    /// <summary>Reads a document.</summary>
    public OpenApiDocument(string json)
    {
        using var document = JsonDocument.Parse(json);
        Root = document.RootElement.Clone();
        Schemas = new JsonSchemas(Find);
        Operations = [.. OperationsOf(Root)];
        _operations = Operations.GroupBy(operation => operation.Method).ToImmutableDictionary(
            group => group.Key,
            group => group.OrderBy(operation => operation.Path.Count(character => character == '{')).ToImmutableArray());
    }

    /// <summary>The whole of it.</summary>
    public JsonElement Root { get; }

    /// <summary>Checks values against its schemas.</summary>
    public JsonSchemas Schemas { get; }

    /// <summary>Every operation, without the <c>webhooks</c> section.</summary>
    public ImmutableArray<OpenApiOperation> Operations { get; }

    /// <summary>The one that the API of this checkout embeds.</summary>
    public static OpenApiDocument Load() =>
        new(File.ReadAllText(Path.Combine(Repository.Root, "src", "Billing.Api", "OpenApi", "openapi.json")));

    /// <summary>The element itself, or what its <c>$ref</c> points to.</summary>
    public JsonElement Resolve(JsonElement element)
    {
        while (element.ValueKind == JsonValueKind.Object && element.TryGetProperty("$ref", out var reference))
        {
            element = Find(reference.GetString()!);
        }

        return element;
    }

    /// <summary>What a reference within the document points to.</summary>
    /// <exception cref="KeyNotFoundException">Nothing is there.</exception>
    public JsonElement Find(string reference)
    {
        var found = Root;
        foreach (var name in reference.Split('/').Skip(1).Select(Unescaped))
        {
            found = found.ValueKind switch
            {
                JsonValueKind.Object when found.TryGetProperty(name, out var next) => next,
                JsonValueKind.Array when int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                    && index < found.GetArrayLength() => found[index],
                _ => throw new KeyNotFoundException($"{reference} points to nothing."),
            };
        }

        return reference.StartsWith("#/", StringComparison.Ordinal) ? found : throw new KeyNotFoundException($"{reference} points out of the document.");
    }

    /// <summary>The operation that answers a request; null when there is none. HEAD is answered by what answers GET.</summary>
    public OpenApiOperation? FindOperation(string method, string path) =>
        _operations.GetValueOrDefault(method.ToUpperInvariant().Replace("HEAD", "GET", StringComparison.Ordinal), [])
            .FirstOrDefault(operation => operation.Matches(path));

    /// <summary>What is documented for a status; null when nothing is. Paths that are not in the document answer 404, other methods of those that are 405.</summary>
    public JsonElement? FindResponse(string method, string path, int status)
    {
        if (FindOperation(method, path) is { } operation)
        {
            return operation.Element.GetProperty("responses").TryGetProperty($"{status}", out var response) ? Resolve(response) : null;
        }

        return (status, Operations.Any(known => known.Matches(path))) switch
        {
            (404, false) => Find("#/components/responses/NotFound"),
            (405, true) => MethodNotAllowed,
            _ => null,
        };
    }

    private static string Unescaped(string name) =>
        Uri.UnescapeDataString(name).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);

    private static IEnumerable<OpenApiOperation> OperationsOf(JsonElement root) =>
        from path in root.GetProperty("paths").EnumerateObject()
        from item in path.Value.EnumerateObject()
        where Methods.Contains(item.Name)
        select new OpenApiOperation(item.Name.ToUpperInvariant(), path.Name, item.Value);
}

/// <summary>One operation.</summary>
/// <param name="Method">HTTP method, upper case.</param>
/// <param name="Path">Path template from the root.</param>
/// <param name="Element">What the document says of it.</param>
public sealed record OpenApiOperation(string Method, string Path, JsonElement Element)
{
    private readonly string[] _segments = Path.Split('/');

    /// <summary>Its operationId.</summary>
    public string Id => Element.GetProperty("operationId").GetString()!;

    /// <summary>True when a request for this path comes here.</summary>
    public bool Matches(string path)
    {
        var segments = path.Split('/');
        return segments.Length == _segments.Length && _segments.Zip(segments).All(pair =>
            pair.First.StartsWith('{') ? pair.Second.Length > 0 : string.Equals(pair.First, pair.Second, StringComparison.OrdinalIgnoreCase));
    }
}
