using System.Collections.Immutable;
using Billing.Events;
using Billing.Workspaces;

namespace Billing.Webhooks;

/// <summary>Asks for a delivery once more, whatever became of it. It leaves a note; the delivery itself is changed by its attempts only.</summary>
public sealed class ReplayDecision
{
    private readonly string _endpointId;
    private readonly string _deliveryKey;
    private readonly ScheduledAttempt _note;

    private ReplayDecision(string endpointId, DeliveryId id)
    {
        _endpointId = endpointId;
        _deliveryKey = WebhookDelivery.KeyOf(id.EndpointKey, id.Sequence);
        _note = ScheduledAttempt.OfReplay(id.EndpointKey, id.Sequence);
    }

    public ImmutableArray<string> Reads => [WebhookEndpoint.KeyOf(_endpointId), _deliveryKey, _note.RowKey];

    /// <summary>The replay of an endpoint's delivery, <c>dlv_…</c>; null when the id cannot be one of that endpoint.</summary>
    public static ReplayDecision? Of(string endpointId, string deliveryId) =>
        DeliveryId.Parse(deliveryId) is { } id && id == DeliveryId.Of(endpointId, id.Sequence) ? new ReplayDecision(endpointId, id) : null;

    /// <summary>Leaves the note and rings for it.</summary>
    /// <returns>The delivery as it will be when somebody gets to it.</returns>
    public Outcome<WebhookDelivery> Decide(UnitOfWork unit)
    {
        if (!unit.TryFind<WebhookEndpoint>(WebhookEndpoint.KeyOf(_endpointId), out var endpoint))
        {
            return Refusal.NotFound("webhook");
        }

        if (!unit.TryFind<WebhookDelivery>(_deliveryKey, out var delivery))
        {
            return Refusal.NotFound("delivery");
        }

        if (endpoint.Disabled is { } disabled && delivery.EventType != EventTypes.Ping)
        {
            return Refusal.Conflict($"The endpoint is disabled since {Instants.Text(disabled.At)}; a test that arrives or a recovery enables it.");
        }

        var replayed = delivery.Replayed(unit.Now);
        if (unit.TryFind<ScheduledAttempt>(_note.RowKey, out _))
        {
            return new Outcome<WebhookDelivery>.AlreadyApplied(replayed);
        }

        unit.Put(_note);
        return replayed;
    }
}
