using System.Buffers;
using System.Text.Json;

namespace Billing.Benchmarks.Rivals.Serving;

/// <summary>The answer to an admit, with the properties that ours has: nobody shall be faster by saying less.</summary>
internal static class RivalAnswer
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    public static void Write(IBufferWriter<byte> output, string workspaceId, Order order, Decision decision)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("id", decision.GenerationId);
        json.WriteString("status", "running");
        json.WriteNumber("cost", Credits(order.Cost));
        json.WriteStartObject("charged");
        json.WriteNumber("credits", Credits(order.Cost));
        json.WriteNumber("overage_units", 0);
        json.WriteNull("overage");
        json.WriteEndObject();
        json.WriteNumber("credits", Credits(decision.Left));
        json.WriteString("workspace_id", workspaceId);
        json.WriteBoolean("test_mode", false);
        WriteEntitlements(json);
        json.WriteString("expires_at", decision.At + Lifetime);
        WriteBreakdown(json, order);
        json.WriteNumber("units", 1);
        json.WriteNull("succeeded_units");
        json.WriteNumber("refunded", 0);
        json.WriteNull("reason");
        json.WriteString("created_at", decision.At);
        json.WriteNull("settled_at");
        json.WriteEndObject();
    }

    private static void WriteEntitlements(Utf8JsonWriter json)
    {
        json.WriteStartObject("entitlements");
        json.WriteBoolean("custom_branding", true);
        json.WriteBoolean("custom_templates", true);
        json.WriteString("priority", "high");
        json.WriteString("quality", "full");
        json.WriteBoolean("sla", true);
        json.WriteString("support", "dedicated");
        json.WriteBoolean("watermark", false);
        json.WriteEndObject();
    }

    private static void WriteBreakdown(Utf8JsonWriter json, Order order)
    {
        json.WriteStartArray("breakdown");
        WriteFactor(json, "base", 2);
        WriteFactor(json, "duration", (order.Duration + 29) / 30);
        WriteFactor(json, "resolution", order.Tenths / 10m);
        WriteFactor(json, "complexity", 2);
        json.WriteEndArray();
    }

    private static void WriteFactor(Utf8JsonWriter json, string name, decimal value)
    {
        json.WriteStartObject();
        json.WriteString("factor", name);
        json.WriteNumber("value", value);
        json.WriteEndObject();
    }

    private static decimal Credits(long thousandths) => thousandths % 1_000 == 0 ? thousandths / 1_000 : thousandths / 1_000m;
}
