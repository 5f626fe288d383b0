using System.Collections.Immutable;
using System.Globalization;
using System.Net.Mail;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Billing.Testing.OpenApi;

/// <summary>The keywords of JSON Schema that look at one value only. Numbers are compared exactly.</summary>
internal static class JsonAssertions
{
    private static readonly TimeSpan LongestMatch = TimeSpan.FromSeconds(1);
    private static readonly ImmutableArray<string> InstantFormats = ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'"];

    /// <summary>What the keyword says against the value; null when nothing, or when it is not about such values.</summary>
    public static string? Check(string keyword, JsonElement argument, JsonElement value) => keyword switch
    {
        "type" => TypesOf(argument).Any(type => IsOf(type, value)) ? null : $"must be {string.Join(" or ", TypesOf(argument))}, not {Shown(value)}",
        "const" => JsonElement.DeepEquals(argument, value) ? null : $"must be {Shown(argument)}, not {Shown(value)}",
        "enum" when argument.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)) => null,
        "enum" => $"must be one of {Shown(argument)}, not {Shown(value)}",
        "required" or "minProperties" or "maxProperties" => value.ValueKind == JsonValueKind.Object ? CheckObject(keyword, argument, value) : null,
        "minItems" or "maxItems" or "uniqueItems" => value.ValueKind == JsonValueKind.Array ? CheckArray(keyword, argument, value) : null,
        "minLength" or "maxLength" or "pattern" or "format" => value.ValueKind == JsonValueKind.String ? CheckText(keyword, argument, value.GetString()!) : null,
        "minimum" or "maximum" or "exclusiveMinimum" or "exclusiveMaximum" or "multipleOf" =>
            value.ValueKind == JsonValueKind.Number ? CheckNumber(keyword, argument.GetDecimal(), value) : null,
        _ => $"is under the keyword {keyword}, which is not understood here",
    };

    private static string? CheckObject(string keyword, JsonElement argument, JsonElement value)
    {
        var count = value.EnumerateObject().Count();
        if (keyword == "required")
        {
            var missing = argument.EnumerateArray().Select(name => name.GetString()!).Where(name => !value.TryGetProperty(name, out _)).ToList();
            return missing.Count == 0 ? null : $"lacks {string.Join(", ", missing)}";
        }

        return keyword switch
        {
            "minProperties" => count >= argument.GetInt32() ? null : $"must have at least {argument} fields",
            _ => count <= argument.GetInt32() ? null : $"must have at most {argument} fields",
        };
    }

    private static string? CheckArray(string keyword, JsonElement argument, JsonElement value)
    {
        var items = value.EnumerateArray().ToList();
        return keyword switch
        {
            "minItems" => items.Count >= argument.GetInt32() ? null : $"must have at least {argument} items",
            "maxItems" => items.Count <= argument.GetInt32() ? null : $"must have at most {argument} items",
            _ => !argument.GetBoolean() || !items.Where((item, index) => items.Take(index).Any(other => JsonElement.DeepEquals(item, other))).Any()
                ? null
                : "must not have an item twice",
        };
    }

    private static string? CheckText(string keyword, JsonElement argument, string text) => keyword switch
    {
        "minLength" => Length(text) >= argument.GetInt32() ? null : $"must have at least {argument} characters",
        "maxLength" => Length(text) <= argument.GetInt32() ? null : $"must have at most {argument} characters",
        "pattern" => Regex.IsMatch(text, argument.GetString()!, RegexOptions.ECMAScript, LongestMatch) ? null : $"must match {argument}, not '{text}'",
        _ => CheckFormat(argument.GetString()!, text),
    };

    private static string? CheckFormat(string format, string text) => format switch
    {
        // RFC 3339 allows any offset; the contract allows only Z.
        "date-time" => InstantFormats.Any(one => DateTime.TryParseExact(text, one, CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            ? null
            : $"must be a time that ends in Z, not '{text}'",
        "uri" => Uri.TryCreate(text, UriKind.Absolute, out _) ? null : $"must be a URI, not '{text}'",
        "email" => MailAddress.TryCreate(text, out _) ? null : $"must be an e-mail address, not '{text}'",
        "int32" or "int64" or "double" or "password" or "byte" => null,
        _ => $"has the format {format}, which is not understood here",
    };

    private static string? CheckNumber(string keyword, decimal bound, JsonElement value)
    {
        if (!value.TryGetDecimal(out var number))
        {
            return $"is {value}, which no decimal can hold";
        }

        return keyword switch
        {
            "minimum" => number >= bound ? null : $"must be at least {bound}, not {number}",
            "maximum" => number <= bound ? null : $"must be at most {bound}, not {number}",
            "exclusiveMinimum" => number > bound ? null : $"must be above {bound}, not {number}",
            "exclusiveMaximum" => number < bound ? null : $"must be below {bound}, not {number}",
            _ => number % bound == 0 ? null : $"must be a multiple of {bound}, not {number}",
        };
    }

    private static IEnumerable<string> TypesOf(JsonElement argument) =>
        argument.ValueKind == JsonValueKind.Array ? argument.EnumerateArray().Select(type => type.GetString()!) : [argument.GetString()!];

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "null" => value.ValueKind == JsonValueKind.Null,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) && decimal.Truncate(number) == number,
        _ => false,
    };

    private static int Length(string text) => text.Length - text.Count(char.IsLowSurrogate);

    private static string Shown(JsonElement value) => value.GetRawText() is { Length: > 200 } text ? text[..200] + "…" : value.GetRawText();
}
