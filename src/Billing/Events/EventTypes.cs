using System.Collections.Immutable;

namespace Billing.Events;

/// <summary>Every type of event: what a customer's webhooks can tell of, and what the seller alone hears.</summary>
public static class EventTypes
{
    public const string CreditsLow = "credits.low";
    public const string CreditsExhausted = "credits.exhausted";
    public const string CreditsRenewed = "credits.renewed";
    public const string CreditsToppedUp = "credits.topped_up";
    public const string GenerationRefunded = "generation.refunded";
    public const string OverageCharged = "overage.charged";
    public const string SubscriptionPaused = "subscription.paused";
    public const string SubscriptionResumed = "subscription.resumed";
    public const string Ping = "ping";

    public const string WebhookDisabled = "webhook.disabled";

    public const string AccountCreated = "account.created";
    public const string SubscriptionChanged = "subscription.changed";
    public const string SubscriptionEnded = "subscription.ended";
    public const string RefundRequested = "refund.requested";
    public const string AuditFailed = "audit.failed";

    /// <summary>Append only: the place of each is its bit in stored rows.</summary>
    public static readonly ImmutableArray<string> All =
    [
        CreditsLow, CreditsExhausted, CreditsRenewed, CreditsToppedUp, GenerationRefunded,
        OverageCharged, SubscriptionPaused, SubscriptionResumed, Ping, WebhookDisabled,
        AccountCreated, SubscriptionChanged, SubscriptionEnded, RefundRequested, AuditFailed,
    ];

    /// <summary>What the seller alone hears.</summary>
    public static readonly ImmutableArray<string> OfSeller = [AccountCreated, SubscriptionChanged, SubscriptionEnded, RefundRequested, AuditFailed];

    /// <summary>What a customer's webhooks can tell of.</summary>
    public static readonly ImmutableArray<string> OfCustomers = All.RemoveRange(OfSeller);
}
