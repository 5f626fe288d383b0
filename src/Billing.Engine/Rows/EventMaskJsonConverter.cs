using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Billing.Events;

namespace Billing.Engine.Rows;

/// <summary>Event types as one number, one bit each by its place in <see cref="EventTypes.All"/>: the account row holds them for every endpoint and has to stay small.</summary>
internal sealed class EventMaskJsonConverter : JsonConverter<ImmutableArray<string>>
{
    public override ImmutableArray<string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var mask = reader.GetInt32();
        return mask >> EventTypes.All.Length == 0 ? [.. EventTypes.All.Where((_, bit) => (mask >> bit & 1) == 1)] : throw new JsonException("There are no such events.");
    }

    public override void Write(Utf8JsonWriter writer, ImmutableArray<string> value, JsonSerializerOptions options)
    {
        var mask = 0;
        foreach (var type in value)
        {
            var bit = EventTypes.All.IndexOf(type);
            mask |= bit >= 0 ? 1 << bit : throw new JsonException($"There is no event {type}.");
        }

        writer.WriteNumberValue(mask);
    }
}
