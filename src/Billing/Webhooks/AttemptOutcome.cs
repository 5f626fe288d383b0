using Billing.Events;

namespace Billing.Webhooks;

/// <summary>What comes of an attempt.</summary>
/// <param name="Delivery">The delivery after it.</param>
/// <param name="Health">The endpoint's health after it.</param>
/// <param name="Disables">Why the endpoint is to be disabled; null when it is not.</param>
/// <param name="Enables">True when a disabled endpoint took it.</param>
public sealed record AttemptOutcome(WebhookDelivery Delivery, EndpointHealth Health, DisabledReason? Disables, bool Enables)
{
    /// <summary>Judges an attempt.</summary>
    /// <param name="disabled">True when the endpoint was disabled already.</param>
    /// <param name="health">The endpoint's health when the answer was there.</param>
    public static AttemptOutcome Of(
        WebhookDelivery delivery, DeliveryId id, bool disabled, EndpointHealth health, DateTimeOffset sentAt, WebhookAnswer answer, DateTimeOffset now)
    {
        var attempt = new DeliveryAttempt(sentAt, answer.Status, answer.Duration.Ticks / TimeSpan.TicksPerMillisecond, answer.Text, answer.Error);
        var next = delivery.After(attempt, id.ToString(), now, answer.RetryAfter);
        var after = health.After(answer.Succeeded, sentAt, now);
        if (answer.Succeeded)
        {
            return new AttemptOutcome(next, after, Disables: null, Enables: disabled);
        }

        if (answer.Gone)
        {
            return new AttemptOutcome(next.GivenUp(DeliveryFailure.EndpointGone, now), after, DisabledReason.Gone, Enables: false);
        }

        return after.IsGivenUp(now)
            ? new AttemptOutcome(next.GivenUp(DeliveryFailure.EndpointDisabled, now), after, DisabledReason.Failing, Enables: false)
            : new AttemptOutcome(disabled ? next.GivenUp(DeliveryFailure.EndpointDisabled, now) : next, after, Disables: null, Enables: false);
    }
}
