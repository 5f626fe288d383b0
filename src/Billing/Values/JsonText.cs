using System.Globalization;
using System.Text.Json;

namespace Billing;

/// <summary>What a JSON value says, or null where a .NET value would say something else.</summary>
internal static class JsonText
{
    private const int ExactDigits = 28;

    /// <summary>The string; null for another kind of value, or for an escape such as a lone <c>\ud800</c> that is no text.</summary>
    public static string? In(JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The member's name; null for one that is no text.</summary>
    public static string? NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The number; null for another kind of value, or for one that a decimal would round: <c>1.00000000000000000000000000001</c>.</summary>
    public static decimal? Number(JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDecimal(out var number) && IsExact(element.GetRawText()) ? number : null;

    private static bool IsExact(string text)
    {
        var parts = text.Split('e', 'E');
        var exponent = 0;
        if (parts.Length > 1 && !int.TryParse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
        {
            return false;
        }

        var digits = parts[0].TrimStart('-').Replace(".", "", StringComparison.Ordinal);
        var significant = digits.TrimEnd('0');
        var places = (parts[0].Split('.') is [_, var fraction] ? fraction.Length : 0) - (digits.Length - significant.Length) - (long)exponent;
        return significant.TrimStart('0').Length <= ExactDigits && places <= ExactDigits;
    }
}
