using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Billing.Webhooks;

/// <summary>Event types as one number, one bit each: the account row holds them for every endpoint and has to stay small.</summary>
internal sealed class EventMask : JsonConverter<ImmutableArray<string>>
{
    // Bits are stored: append only.
    private static readonly ImmutableArray<string> Bits =
    [
        EventTypes.CreditsLow, EventTypes.CreditsExhausted, EventTypes.CreditsRenewed, EventTypes.CreditsToppedUp, EventTypes.GenerationRefunded,
        EventTypes.OverageCharged, EventTypes.SubscriptionPaused, EventTypes.SubscriptionResumed, EventTypes.Ping,
    ];

    public override ImmutableArray<string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var mask = reader.GetInt32();
        return mask >> Bits.Length == 0 ? [.. Bits.Where((_, bit) => (mask >> bit & 1) == 1)] : throw new JsonException("There are no such events.");
    }

    public override void Write(Utf8JsonWriter writer, ImmutableArray<string> value, JsonSerializerOptions options)
    {
        var mask = 0;
        foreach (var type in value)
        {
            var bit = Bits.IndexOf(type);
            mask |= bit >= 0 ? 1 << bit : throw new JsonException($"There is no event {type}.");
        }

        writer.WriteNumberValue(mask);
    }
}
