using System.Text.Json;
using System.Text.Json.Serialization;

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
