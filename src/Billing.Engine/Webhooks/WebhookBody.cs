using System.Buffers;
using System.Text.Json;
using Billing.Engine.Rows;
using Billing.Events;

namespace Billing.Engine.Webhooks;

/// <summary>The body of an event's deliveries: the same bytes at every attempt.</summary>
/// <remarks>Source: Standard Webhooks 1.0, "Payload structure".</remarks>
public static class WebhookBody
{
    public static byte[] ToBody(this BillingEvent told)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type", told.Type);
            json.WriteString("timestamp", Instants.Text(told.Timestamp));
            json.WriteNumber("sequence", told.Source?.Sequence ?? told.Sequence);
            json.WritePropertyName("data");
            WriteData(told, json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The event's <c>data</c>, as deliveries and the seller's list of events have it.</summary>
    public static void WriteData(BillingEvent told, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (var (name, value) in told.Data)
        {
            json.WritePropertyName(name);
            JsonSerializer.Serialize(json, value, RowJsonContext.Default.Scalar);
        }

        if (told.Source is { ExternalId: { } externalId })
        {
            json.WriteString("external_id", externalId);
        }

        if (told.Total is { } total)
        {
            json.WriteStartObject("total");
            json.WriteNumber("amount_minor", total.AmountMinor);
            json.WriteString("currency", total.Currency);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
