using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Billing.Catalogs;

namespace Billing.Webhooks;

/// <summary>Something that webhooks tell of, stored in the same transaction as what it tells. It never changes.</summary>
public sealed record BillingEvent : Record
{
    /// <summary>Row keys of events begin with this.</summary>
    public const string Prefix = "evt:";

    /// <summary>Kept this long: a delivery that is replayed on its last day has its event for the whole schedule.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(35);

    /// <summary>1 for a workspace's first event, then without gaps.</summary>
    public required long Sequence { get; init; }

    /// <summary>One of <see cref="EventTypes"/>.</summary>
    public required string Type { get; init; }

    /// <summary>When it happened, UTC.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The body's <c>data</c>.</summary>
    public required ImmutableSortedDictionary<string, Scalar> Data { get; init; }

    /// <summary>What was charged, as the body's <c>data.total</c>; null where no money is in it.</summary>
    public Money? Total { get; init; }

    /// <summary>Endpoints that it is for.</summary>
    public required ImmutableArray<string> Targets { get; init; }

    /// <summary>When it was recorded, UTC: a late renewal happened before that.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string RowKey => KeyOf(Sequence);

    /// <summary>The row key of an event.</summary>
    public static string KeyOf(long sequence) => Prefix + sequence.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>True when it need not be kept any more.</summary>
    /// <param name="now">When.</param>
    /// <param name="handedOver">The last event that was handed over.</param>
    public bool IsOver(DateTimeOffset now, long handedOver) => Sequence <= handedOver && CreatedAt + KeptFor <= now;

    /// <summary>The body of its deliveries: the same bytes at every attempt.</summary>
    /// <remarks>Source: Standard Webhooks 1.0, "Payload structure".</remarks>
    public byte[] ToBody()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type", Type);
            json.WriteString("timestamp", Instants.Text(Timestamp));
            json.WriteStartObject("data");
            foreach (var (name, value) in Data)
            {
                json.WritePropertyName(name);
                JsonSerializer.Serialize(json, value, RowJsonContext.Default.Scalar);
            }

            if (Total is { } total)
            {
                json.WritePropertyName("total");
                JsonSerializer.Serialize(json, total, RowJsonContext.Default.Money);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
