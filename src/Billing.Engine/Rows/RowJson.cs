using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Billing.Accounts;
using Billing.Catalogs;
using Billing.Engine.Committing;
using Billing.Engine.Ports;
using Billing.Events;
using Billing.Generations;
using Billing.Keys;
using Billing.Overage;
using Billing.Subscriptions;
using Billing.TopUps;
using Billing.Webhooks;
using Billing.Workspaces;

namespace Billing.Engine.Rows;

/// <summary>How rows are written: names as <see cref="RowNames"/> pins them, instants as <see cref="Instants"/> has them, nothing where there is nothing.</summary>
public static class RowJson
{
    private static readonly JsonSerializerOptions Options = NewOptions();

    public static RowData Write(object record) => new(JsonSerializer.SerializeToUtf8Bytes(record, Options.GetTypeInfo(record.GetType())));

    /// <summary>The record in a row.</summary>
    /// <exception cref="JsonException">The row was not written by this backend.</exception>
    public static T Read<T>(RowData data) => (T)Read(typeof(T), data);

    /// <summary>The record in a row, if there is a row.</summary>
    public static T? ReadAny<T>(Row? row)
        where T : class => row is null ? null : Read<T>(row.Data);

    public static Row ToRow(Record record) => new(record.RowKey, Write(record), record.Tag);

    /// <summary>A row as the record that its key says it is.</summary>
    public static Record ToRecord(Row row) => (Record)Read(RowSchema.KindOf(row.Key).Type, row.Data);

    internal static object Read(Type type, RowData data) =>
        JsonSerializer.Deserialize(data.Bytes.Span, Options.GetTypeInfo(type)) ?? throw new JsonException("The row is null.");

    private static JsonSerializerOptions NewOptions()
    {
        var options = new JsonSerializerOptions
        {
            TypeInfoResolver = RowJsonContext.Default.WithAddedModifier(RowNames.Pin),
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            // Rows are read by us and by operators, never by a browser: a quotation mark takes two characters in them, not six.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        JsonConverter[] values = [new GrantJsonConverter(), new DrawJsonConverter(), new PriceFactorJsonConverter(), new RunningSpansJsonConverter(), new GenerationsJsonConverter(), new LedgerPageJsonConverter(), new StoredCreditsJsonConverter(), new InstantJsonConverter(), new CalendarMonthJsonConverter()];
        foreach (var converter in values.Concat(RowNames.Enumerations))
        {
            options.Converters.Add(converter);
        }

        options.MakeReadOnly();
        return options;
    }
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(WorkspaceRow))]
[JsonSerializable(typeof(OverflowGrants))]
[JsonSerializable(typeof(LedgerPage))]
[JsonSerializable(typeof(PageRow))]
[JsonSerializable(typeof(Admission))]
[JsonSerializable(typeof(TestAdmission))]
[JsonSerializable(typeof(Refund))]
[JsonSerializable(typeof(Invoice))]
[JsonSerializable(typeof(OwnTemplate))]
[JsonSerializable(typeof(TopUp))]
[JsonSerializable(typeof(Payment))]
[JsonSerializable(typeof(BillingEvent))]
[JsonSerializable(typeof(FeedPosition))]
[JsonSerializable(typeof(WebhookEndpoint))]
[JsonSerializable(typeof(WebhookDelivery))]
[JsonSerializable(typeof(ScheduledAttempt))]
[JsonSerializable(typeof(EndpointHealth))]
[JsonSerializable(typeof(Operation))]
[JsonSerializable(typeof(Account))]
[JsonSerializable(typeof(ListedAccount))]
[JsonSerializable(typeof(Membership))]
[JsonSerializable(typeof(ExternalLink))]
[JsonSerializable(typeof(Session))]
[JsonSerializable(typeof(ApiKey))]
[JsonSerializable(typeof(KeyRing))]
internal sealed partial class RowJsonContext : JsonSerializerContext;
