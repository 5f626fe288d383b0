using System.Collections.Frozen;

namespace Billing.Webhooks;

/// <summary>Every type of event that a webhook can tell of.</summary>
public static class EventTypes
{
#pragma warning disable CS1591 // the names say it
    public const string CreditsLow = "credits.low";
    public const string CreditsExhausted = "credits.exhausted";
    public const string CreditsRenewed = "credits.renewed";
    public const string CreditsToppedUp = "credits.topped_up";
    public const string GenerationRefunded = "generation.refunded";
    public const string OverageCharged = "overage.charged";
    public const string SubscriptionPaused = "subscription.paused";
    public const string SubscriptionResumed = "subscription.resumed";
    public const string Ping = "ping";
#pragma warning restore CS1591

    /// <summary>All of them.</summary>
    public static readonly FrozenSet<string> All =
    [
        CreditsLow, CreditsExhausted, CreditsRenewed, CreditsToppedUp, GenerationRefunded,
        OverageCharged, SubscriptionPaused, SubscriptionResumed, Ping,
    ];
}
