using System.Collections.Immutable;

namespace Billing.Events;

/// <summary>Every type of event that a webhook can tell of.</summary>
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

    /// <summary>Append only: the place of each is its bit in stored rows.</summary>
    public static readonly ImmutableArray<string> All =
    [
        CreditsLow, CreditsExhausted, CreditsRenewed, CreditsToppedUp, GenerationRefunded,
        OverageCharged, SubscriptionPaused, SubscriptionResumed, Ping, WebhookDisabled,
    ];
}
