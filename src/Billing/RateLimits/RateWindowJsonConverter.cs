using System.Text.Json;
using System.Text.Json.Serialization;

namespace Billing.RateLimits;

/// <summary>A rate window as a JSON string of its text, in stored rows.</summary>
public sealed class RateWindowJsonConverter : JsonConverter<RateWindow>
{
    public override RateWindow Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return RateWindow.Parse(reader.GetString() ?? "");
        }
        catch (FormatException malformed)
        {
            throw new JsonException(malformed.Message, malformed);
        }
    }

    public override void Write(Utf8JsonWriter writer, RateWindow value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToText());
}
