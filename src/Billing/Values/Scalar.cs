using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Billing;

/// <summary>A text, an exact number or a flag: what entitlements, template attributes and the fields of a generation hold. Written as the plain JSON value.</summary>
[JsonConverter(typeof(ScalarJsonConverter))]
public readonly record struct Scalar
{
    private Scalar(string? text, decimal? number, bool? flag) => (Text, Number, Flag) = (text, number, flag);

    /// <summary>The text; null when this is not one.</summary>
    public string? Text { get; }

    /// <summary>The number; null when this is not one.</summary>
    public decimal? Number { get; }

    /// <summary>The flag; null when this is not one.</summary>
    public bool? Flag { get; }

    public static Scalar Of(string text) => new(text, null, null);

    public static Scalar Of(decimal number) => new(null, number, null);

    public static Scalar Of(bool flag) => new(null, null, flag);

    /// <summary>Reads a JSON string, number (that a decimal holds exactly) or boolean; false for anything else.</summary>
    public static bool TryFrom(JsonElement element, out Scalar scalar)
    {
        Scalar? read = element.ValueKind switch
        {
            JsonValueKind.String when JsonText.In(element) is { } text => Of(text),
            JsonValueKind.Number when JsonText.Number(element) is { } number => Of(number),
            JsonValueKind.True => Of(true),
            JsonValueKind.False => Of(false),
            _ => null,
        };
        scalar = read ?? default;
        return read is not null;
    }

    /// <summary>Whether a request writes this value so; texts in any case.</summary>
    public bool IsWrittenAs(JsonElement element) =>
        TryFrom(element, out var other) && (other == this || (Text is not null && string.Equals(Text, other.Text, StringComparison.OrdinalIgnoreCase)));

    /// <summary>The value as text: numbers in invariant form, flags as <c>true</c> and <c>false</c>.</summary>
    public override string ToString() =>
        Text ?? Number?.ToString(CultureInfo.InvariantCulture) ?? (Flag is true ? "true" : "false");
}

/// <summary>A <see cref="Scalar"/> as the JSON value it is.</summary>
public sealed class ScalarJsonConverter : JsonConverter<Scalar>
{
    public override Scalar Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Scalar.TryFrom(JsonElement.ParseValue(ref reader), out var scalar)
            ? scalar
            : throw new JsonException("A string, a number or a boolean is expected.");

    public override void Write(Utf8JsonWriter writer, Scalar value, JsonSerializerOptions options)
    {
        if (value.Number is { } number)
        {
            writer.WriteNumberValue(number);
        }
        else if (value.Flag is { } flag)
        {
            writer.WriteBooleanValue(flag);
        }
        else
        {
            writer.WriteStringValue(value.Text);
        }
    }
}
