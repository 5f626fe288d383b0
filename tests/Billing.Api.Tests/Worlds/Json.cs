using System.Text.Json;
using System.Text.Json.Serialization;

namespace Billing.Api.Tests.Worlds;

/// <summary>JSON as tests write and expect it.</summary>
public static class Json
{
    private static readonly JsonSerializerOptions Options = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>The JSON of an object, without what is null.</summary>
    public static string Of(object value) => JsonSerializer.Serialize(value, Options);

    /// <summary>Where a value is not as expected; null when it is. "*" is anything but null, "?" is anything, and "a*" what begins with a.</summary>
    public static string? Difference(string expected, JsonElement actual)
    {
        using var document = JsonDocument.Parse(expected);
        return Difference(document.RootElement, actual, "");
    }

    private static string? Difference(JsonElement expected, JsonElement actual, string path) => (expected.ValueKind, actual.ValueKind) switch
    {
        (JsonValueKind.String, _) => Matches(expected.GetString()!, actual) ? null : Message(path, expected, actual),
        (JsonValueKind.Object, JsonValueKind.Object) => Fields(expected, actual, path),
        (JsonValueKind.Array, JsonValueKind.Array) => Items(expected, actual, path),
        _ => JsonElement.DeepEquals(expected, actual) ? null : Message(path, expected, actual),
    };

    private static bool Matches(string expected, JsonElement actual) => expected switch
    {
        "?" => true,
        "*" => actual.ValueKind is not JsonValueKind.Null,
        [.. var start, '*'] => actual.ValueKind == JsonValueKind.String && actual.GetString()!.StartsWith(start, StringComparison.Ordinal),
        _ => actual.ValueKind == JsonValueKind.String && actual.GetString() == expected,
    };

    private static string? Fields(JsonElement expected, JsonElement actual, string path)
    {
        var names = expected.EnumerateObject().Select(field => field.Name).ToHashSet();
        var others = actual.EnumerateObject().Select(field => field.Name).ToHashSet();
        return !names.SetEquals(others)
            ? $"{path} should have {string.Join(", ", names)}, not {string.Join(", ", others)}"
            : names.Select(name => Difference(expected.GetProperty(name), actual.GetProperty(name), $"{path}.{name}")).FirstOrDefault(difference => difference is not null);
    }

    private static string? Items(JsonElement expected, JsonElement actual, string path) => expected.GetArrayLength() != actual.GetArrayLength()
        ? $"{path} should have {expected.GetArrayLength()} items, not {actual.GetArrayLength()}"
        : Enumerable.Range(0, expected.GetArrayLength()).Select(index => Difference(expected[index], actual[index], $"{path}.{index}")).FirstOrDefault(difference => difference is not null);

    private static string Message(string path, JsonElement expected, JsonElement actual) => $"{path} should be {expected.GetRawText()}, not {actual}";
}
