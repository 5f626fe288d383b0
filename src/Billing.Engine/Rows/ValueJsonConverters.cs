using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Billing.Catalogs;

namespace Billing.Engine.Rows;

/// <summary>Credits in a row: a balance may be more than one request may name.</summary>
internal sealed class StoredCreditsJsonConverter : JsonConverter<Credits>
{
    private static readonly CreditsJsonConverter Named = new();

    public override Credits Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new((long)(reader.GetDecimal() * 1000));

    public override void Write(Utf8JsonWriter writer, Credits value, JsonSerializerOptions options) => Named.Write(writer, value, options);
}

internal sealed class InstantJsonConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(Instants.Text(value));
}

internal sealed class CalendarMonthJsonConverter : JsonConverter<CalendarMonth>
{
    public override CalendarMonth Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt32());

    public override void Write(Utf8JsonWriter writer, CalendarMonth value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Number);
}

/// <summary>A factor of a price as one short text: <c>"resolution 1.5"</c>.</summary>
internal sealed class PriceFactorJsonConverter : JsonConverter<PriceFactor>
{
    public override PriceFactor Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString()!;
        var end = text.LastIndexOf(' ');
        return end >= 0 && decimal.TryParse(text.AsSpan(end + 1), NumberStyles.Number, CultureInfo.InvariantCulture, out var value)
            ? new PriceFactor(text[..end], value)
            : throw new JsonException("This is not a factor of a price.");
    }

    public override void Write(Utf8JsonWriter writer, PriceFactor value, JsonSerializerOptions options) =>
        writer.WriteStringValue(string.Create(CultureInfo.InvariantCulture, $"{value.Factor} {value.Value}"));
}
