using System.Security.Cryptography;
using System.Text.Json;

namespace Billing.Catalogs.Reading;

/// <summary>Names a catalog's prices by what they say, not by how the file is laid out.</summary>
internal static class PriceVersions
{
    private const int HexDigits = 12;

    /// <summary>The first digits of the SHA-256 of the parts as JSON without white space, members in ordinal order, numbers without trailing zeros, nulls left out.</summary>
    public static string Of(params ReadOnlySpan<JsonElement?> parts)
    {
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text))
        {
            writer.WriteStartArray();
            foreach (var part in parts)
            {
                Write(writer, part);
            }

            writer.WriteEndArray();
        }

        return Convert.ToHexStringLower(SHA256.HashData(text.ToArray()))[..HexDigits];
    }

    private static void Write(Utf8JsonWriter writer, JsonElement? part)
    {
        switch (part)
        {
            case null:
                writer.WriteNullValue();
                break;
            case { ValueKind: JsonValueKind.Object } element:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject().Where(IsGiven).OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value);
                }

                writer.WriteEndObject();
                break;
            case { ValueKind: JsonValueKind.Array } element:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case { ValueKind: JsonValueKind.Number } element when element.TryGetDecimal(out var number):
                writer.WriteNumberValue(number / 1.000000000000000000000000000000m);
                break;
            case { } element:
                element.WriteTo(writer);
                break;
        }
    }

    private static bool IsGiven(JsonProperty member) => member.Value.ValueKind != JsonValueKind.Null;
}
