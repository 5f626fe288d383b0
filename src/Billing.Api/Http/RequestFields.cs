using System.Collections.Immutable;
using System.Text.Json;

namespace Billing.Api.Http;

/// <summary>Typed fields of a request body. Each reads one field and notes what is wrong with it.</summary>
public static class RequestFields
{
    /// <summary>Most entries of a metadata object.</summary>
    public const int MostMetadata = 20;

    /// <summary>A text that may be left out.</summary>
    public static string? Text(this RequestBody body, string name, int longest = 500, string? alias = null)
    {
        if (body.Find(name, alias) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String || !TryText(value, out var text))
        {
            body.Reject(name, "must be a string");
            return null;
        }

        if (text.Length == 0 || text.Length > longest || text.Any(char.IsControl))
        {
            body.Reject(name, $"must have 1 to {longest} characters, none of them control characters");
            return null;
        }

        return text;
    }

    /// <summary>A text that must be there.</summary>
    public static string RequiredText(this RequestBody body, string name, int longest = 500)
    {
        if (body.Find(name) is null)
        {
            body.Reject(name, "is required");
            return "";
        }

        return body.Text(name, longest) ?? "";
    }

    /// <summary>One of a few words; the first is returned for a wrong one.</summary>
    public static string Choice(this RequestBody body, string name, IReadOnlyCollection<string> choices, string? otherwise = null)
    {
        if (otherwise is not null && body.Find(name) is null)
        {
            return otherwise;
        }

        var text = body.RequiredText(name, 100);
        if (text.Length > 0 && !choices.Contains(text))
        {
            body.Reject(name, $"must be one of {string.Join(", ", choices.Order(StringComparer.Ordinal))}");
        }

        return choices.Contains(text) ? text : choices.First();
    }

    /// <summary>Credits above zero that may be left out.</summary>
    public static Billing.Credits? Credits(this RequestBody body, string name)
    {
        if (body.Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDecimal(out var number) || !Billing.Credits.TryFrom(number, out var credits) || credits <= Billing.Credits.Zero)
        {
            body.Reject(name, $"must be a number above 0 and at most {Billing.Credits.Limit}, with at most 3 decimal places");
            return null;
        }

        return credits;
    }

    /// <summary>Credits above zero that must be there.</summary>
    public static Billing.Credits RequiredCredits(this RequestBody body, string name)
    {
        if (body.Find(name) is null)
        {
            body.Reject(name, "is required");
        }

        return body.Credits(name) ?? Billing.Credits.Zero;
    }

    /// <summary>A whole number within bounds that may be left out.</summary>
    public static long? Whole(this RequestBody body, string name, long least, long most)
    {
        if (body.Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDecimal(out var number) || decimal.Truncate(number) != number || number < least || number > most)
        {
            body.Reject(name, $"must be a whole number from {least} to {most}");
            return null;
        }

        return (long)number;
    }

    /// <summary>An instant that may be left out.</summary>
    public static DateTimeOffset? Instant(this RequestBody body, string name)
    {
        if (body.Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String || !TryText(value, out var text) || !Instants.TryParse(text, out var at))
        {
            body.Reject(name, "must be an RFC 3339 time such as 2025-11-01T00:00:00Z");
            return null;
        }

        return at;
    }

    /// <summary>A small object of strings that may be left out.</summary>
    public static ImmutableSortedDictionary<string, string>? Strings(this RequestBody body, string name)
    {
        if (body.Find(name) is not { } value)
        {
            return null;
        }

        var (map, refusal) = RequestBody.Of(value, name);
        var strings = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (key, item) in map?.Rest() ?? ImmutableDictionary<string, JsonElement>.Empty)
        {
            if (item.ValueKind == JsonValueKind.String && TryText(item, out var text) && text.Length <= 500 && key.Length is > 0 and <= 40)
            {
                strings[key] = text;
            }
            else
            {
                body.Reject($"{name}.{RequestBody.Shown(key)}", "must be a string of at most 500 characters, its name one of at most 40");
            }
        }

        if (refusal is not null || strings.Count > MostMetadata)
        {
            body.Reject(name, $"must be an object of at most {MostMetadata} strings");
        }

        return strings.ToImmutable();
    }

    /// <summary>An array that must be there.</summary>
    public static ImmutableArray<JsonElement> Items(this RequestBody body, string name, int most)
    {
        if (body.Find(name) is { ValueKind: JsonValueKind.Array } value && value.GetArrayLength() is var length && length > 0 && length <= most)
        {
            return [.. value.EnumerateArray()];
        }

        body.Reject(name, $"must be an array of 1 to {most} items");
        return [];
    }

    private static bool TryText(JsonElement value, out string text)
    {
        try
        {
            text = value.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate: valid JSON, but no text.
            text = "";
            return false;
        }
    }
}
