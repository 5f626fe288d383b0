using System.Text.Json;
using System.Text.Json.Serialization;

namespace Billing.Client;

/// <summary>
/// Something that happened in a workspace, from a webhook or from the seller's feed. Where its type is known here, it is one of the records below; what is
/// new, or shaped otherwise than this client knows, comes as this record, with all that was said in <see cref="Data"/>.
/// </summary>
public record BillingEvent
{
    /// <summary>The same at every delivery: what has been taken before is a repeat.</summary>
    [JsonIgnore]
    public string Id { get; init; } = "";

    /// <summary>One of <see cref="BillingEventTypes"/>, or a newer one.</summary>
    [JsonIgnore]
    public string Type { get; init; } = "";

    /// <summary>When it happened.</summary>
    [JsonIgnore]
    public DateTimeOffset Timestamp { get; init; }

    /// <summary>Counts the workspace's events, which come in no promised order.</summary>
    [JsonIgnore]
    public long Sequence { get; init; }

    /// <summary>Whose.</summary>
    public string? WorkspaceId { get; init; }

    /// <summary>The seller's own id of its account; only where the seller listens.</summary>
    public string? ExternalId { get; init; }

    /// <summary>All that was said.</summary>
    [JsonIgnore]
    public JsonElement Data { get; init; }
}

/// <summary>Credits left fell to the threshold.</summary>
public sealed record CreditsLowEvent(decimal Credits, decimal MonthlyAllowance) : BillingEvent;

/// <summary>Credits are used up, or did not cover a generation.</summary>
public sealed record CreditsExhaustedEvent(decimal Credits, decimal MonthlyAllowance) : BillingEvent;

/// <summary>The allowance of a new period was granted.</summary>
public sealed record CreditsRenewedEvent(string Plan, decimal Credits, decimal MonthlyAllowance, DateTimeOffset RenewsAt) : BillingEvent;

/// <summary>Bought credits were added.</summary>
public sealed record CreditsToppedUpEvent(string TopUpId, decimal Amount, decimal Credits) : BillingEvent;

/// <summary>All or part of a generation was given back.</summary>
public sealed record GenerationRefundedEvent(
    string GenerationId, string RefundId, string Reason, decimal Refunded, int OverageUnits, decimal Credits, Money? Total = null) : BillingEvent;

/// <summary>The overage of a calendar month was invoiced.</summary>
public sealed record OverageChargedEvent(string Month, long Units, Money Total) : BillingEvent;

/// <summary>A payment failed or is pending: nothing can be spent.</summary>
public sealed record SubscriptionPausedEvent(string Plan, string Reference) : BillingEvent;

/// <summary>A payment succeeded, or nothing is to be paid any more: credits can be spent again.</summary>
public sealed record SubscriptionResumedEvent(string Plan, string Reference) : BillingEvent;

/// <summary>An endpoint of the customer's was disabled.</summary>
public sealed record WebhookDisabledEvent(string WebhookId, string Reason) : BillingEvent;

/// <summary>A test, asked for.</summary>
public sealed record PingEvent(string WebhookId) : BillingEvent;

/// <summary>An account was opened. Only the seller hears it.</summary>
public sealed record AccountCreatedEvent(string AccountId, string Product) : BillingEvent;

/// <summary>A plan was started, chosen or canceled, or what was chosen took effect. Only the seller hears it.</summary>
public sealed record SubscriptionChangedEvent(string Plan, string PlanStatus, decimal MonthlyAllowance, DateTimeOffset PeriodEndsAt, string? NextPlan = null) : BillingEvent;

/// <summary>A canceled subscription is over. Only the seller hears it.</summary>
public sealed record SubscriptionEndedEvent(string Plan, string? NextPlan = null) : BillingEvent;

/// <summary>A customer asks for a refund that somebody has to decide. Only the seller hears it.</summary>
public sealed record RefundRequestedEvent(string RefundId, string GenerationId, string Reason, decimal Credits) : BillingEvent;

/// <summary>A ledger does not agree with its account. Only the seller hears it.</summary>
public sealed record AuditFailedEvent(int Differences, string First) : BillingEvent;

/// <summary>The types of events that this client knows.</summary>
public static class BillingEventTypes
{
#pragma warning disable CS1591 // the names are the types
    public const string CreditsLow = "credits.low";
    public const string CreditsExhausted = "credits.exhausted";
    public const string CreditsRenewed = "credits.renewed";
    public const string CreditsToppedUp = "credits.topped_up";
    public const string GenerationRefunded = "generation.refunded";
    public const string OverageCharged = "overage.charged";
    public const string SubscriptionPaused = "subscription.paused";
    public const string SubscriptionResumed = "subscription.resumed";
    public const string WebhookDisabled = "webhook.disabled";
    public const string Ping = "ping";
    public const string AccountCreated = "account.created";
    public const string SubscriptionChanged = "subscription.changed";
    public const string SubscriptionEnded = "subscription.ended";
    public const string RefundRequested = "refund.requested";
    public const string AuditFailed = "audit.failed";
#pragma warning restore CS1591
}
