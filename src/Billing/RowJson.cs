using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Billing.Accounts;
using Billing.Generations;
using Billing.Keys;
using Billing.Overage;
using Billing.People;
using Billing.Refunds;
using Billing.Webhooks;

namespace Billing;

/// <summary>How rows are written: snake case, instants as <see cref="Instants"/> has them, nothing where there is nothing.</summary>
public static class RowJson
{
    // Rows are read by us and by operators, never by a browser: a quotation mark takes two characters in them, not six.
    private static readonly RowJsonContext Rows = new(new JsonSerializerOptions(RowJsonContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The text of a record.</summary>
    public static string Write<T>(T record) => JsonSerializer.Serialize(record, TypeInfo<T>());

    /// <summary>The record in a row.</summary>
    /// <exception cref="JsonException">The row was not written by this backend.</exception>
    public static T Read<T>(string data) => JsonSerializer.Deserialize(data, TypeInfo<T>()) ?? throw new JsonException("The row is null.");

    /// <summary>A record as a row.</summary>
    public static Row ToRow(Record record) =>
        new(record.RowKey, JsonSerializer.Serialize(record, Rows.GetTypeInfo(record.GetType())!), record.Tag);

    /// <summary>A row as the record that its key says it is.</summary>
    public static Record ToRecord(Row row) => row.Key.Split(':')[0] switch
    {
        "txn" => Read<LedgerEntry>(row.Data),
        "run" or "gen" => Read<Admission>(row.Data),
        "refund" => Read<Refund>(row.Data),
        "inv" => Read<Invoice>(row.Data),
        "top" => Read<TopUp>(row.Data),
        "evt" => Read<BillingEvent>(row.Data),
        "hook" => Read<WebhookEndpoint>(row.Data),
        "dlv" => Read<WebhookDelivery>(row.Data),
        "out" => Read<DueDelivery>(row.Data),
        "op" => Read<Operation>(row.Data),
        _ => throw new JsonException($"No record is stored under {row.Key}."),
    };

    private static JsonTypeInfo<T> TypeInfo<T>() => (JsonTypeInfo<T>)Rows.GetTypeInfo(typeof(T))!;
}

/// <summary>What can be stored.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    Converters = [typeof(StoredCreditsConverter), typeof(InstantConverter), typeof(CalendarMonthConverter), typeof(SnakeCaseEnum<EntryType>), typeof(SnakeCaseEnum<GrantKind>), typeof(SnakeCaseEnum<WorkspaceType>), typeof(SnakeCaseEnum<GenerationStatus>), typeof(SnakeCaseEnum<RefundStatus>), typeof(SnakeCaseEnum<MemberRole>), typeof(SnakeCaseEnum<KeyEnvironment>), typeof(SnakeCaseEnum<DisabledReason>), typeof(SnakeCaseEnum<DeliveryStatus>), typeof(SnakeCaseEnum<DeliveryFailure>)])]
[JsonSerializable(typeof(AccountRow))]
[JsonSerializable(typeof(Shelf))]
[JsonSerializable(typeof(LedgerEntry))]
[JsonSerializable(typeof(Admission))]
[JsonSerializable(typeof(Refund))]
[JsonSerializable(typeof(Invoice))]
[JsonSerializable(typeof(TopUp))]
[JsonSerializable(typeof(BillingEvent))]
[JsonSerializable(typeof(WebhookEndpoint))]
[JsonSerializable(typeof(WebhookDelivery))]
[JsonSerializable(typeof(DueDelivery))]
[JsonSerializable(typeof(EndpointLane))]
[JsonSerializable(typeof(Operation))]
[JsonSerializable(typeof(Person))]
[JsonSerializable(typeof(Membership))]
[JsonSerializable(typeof(ExternalLink))]
[JsonSerializable(typeof(ApiKey))]
internal sealed partial class RowJsonContext : JsonSerializerContext;

/// <summary>Enumerations by their names in snake case.</summary>
internal sealed class SnakeCaseEnum<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;

/// <summary>Credits in a row: a balance may be more than one request may name.</summary>
internal sealed class StoredCreditsConverter : JsonConverter<Credits>
{
    private static readonly CreditsJsonConverter Named = new();

    public override Credits Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new((long)(reader.GetDecimal() * 1000));

    public override void Write(Utf8JsonWriter writer, Credits value, JsonSerializerOptions options) => Named.Write(writer, value, options);
}

internal sealed class InstantConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(Instants.Text(value));
}

internal sealed class CalendarMonthConverter : JsonConverter<CalendarMonth>
{
    public override CalendarMonth Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt32());

    public override void Write(Utf8JsonWriter writer, CalendarMonth value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Number);
}
