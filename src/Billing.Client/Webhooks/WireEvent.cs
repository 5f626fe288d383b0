using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Billing.Client;

/// <summary>An event as a delivery's body or the feed has it; a body leaves its id to the header.</summary>
internal sealed record WireEvent(string Type, DateTimeOffset Timestamp, JsonElement Data, long Sequence = 0, string? Id = null, string? WorkspaceId = null, string? ExternalId = null)
{
    /// <summary>Typed, where it is what its type promises.</summary>
    public BillingEvent ToEvent(string? id = null)
    {
        var read = Read() ?? new BillingEvent();
        return read with
        {
            Id = id ?? Id ?? "",
            Type = Type,
            Timestamp = Timestamp,
            Sequence = Sequence,
            WorkspaceId = WorkspaceId ?? read.WorkspaceId ?? Text("workspace_id"),
            ExternalId = ExternalId ?? read.ExternalId ?? Text("external_id"),
            Data = Data,
        };
    }

    private BillingEvent? Read()
    {
        var json = ClientJson.Default;
        return Type switch
        {
            BillingEventTypes.CreditsLow => Read(json.CreditsLowEvent),
            BillingEventTypes.CreditsExhausted => Read(json.CreditsExhaustedEvent),
            BillingEventTypes.CreditsRenewed => Read(json.CreditsRenewedEvent),
            BillingEventTypes.CreditsToppedUp => Read(json.CreditsToppedUpEvent),
            BillingEventTypes.GenerationRefunded => Read(json.GenerationRefundedEvent),
            BillingEventTypes.OverageCharged => Read(json.OverageChargedEvent),
            BillingEventTypes.SubscriptionPaused => Read(json.SubscriptionPausedEvent),
            BillingEventTypes.SubscriptionResumed => Read(json.SubscriptionResumedEvent),
            BillingEventTypes.WebhookDisabled => Read(json.WebhookDisabledEvent),
            BillingEventTypes.Ping => Read(json.PingEvent),
            BillingEventTypes.AccountCreated => Read(json.AccountCreatedEvent),
            BillingEventTypes.SubscriptionChanged => Read(json.SubscriptionChangedEvent),
            BillingEventTypes.SubscriptionEnded => Read(json.SubscriptionEndedEvent),
            BillingEventTypes.RefundRequested => Read(json.RefundRequestedEvent),
            BillingEventTypes.AuditFailed => Read(json.AuditFailedEvent),
            _ => null,
        };
    }

    // A newer backend may say it otherwise; whoever listens still hears of it.
    private BillingEvent? Read<T>(JsonTypeInfo<T> type)
        where T : BillingEvent
    {
        try
        {
            return Data.Deserialize(type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private string? Text(string name) =>
        Data.ValueKind == JsonValueKind.Object && Data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

internal sealed record WireEventPage(IReadOnlyList<WireEvent> Events, string Next) : BillingResult;
