using System.Collections.Immutable;
using Billing.Accounts;

namespace Billing.Webhooks;

/// <summary>Asks for a delivery once more, whatever became of it. It leaves a note; the delivery itself belongs to who holds the endpoint's lane.</summary>
public sealed class ReplayDecision
{
    private readonly string _endpointId;
    private readonly string _deliveryKey;
    private readonly DueDelivery _note;

    private ReplayDecision(string endpointId, string endpointKey, long sequence)
    {
        _endpointId = endpointId;
        _deliveryKey = WebhookDelivery.KeyOf(endpointKey, sequence);
        _note = DueDelivery.ForReplay(endpointKey, sequence);
    }

    /// <summary>Keys of the rows it reads.</summary>
    public ImmutableArray<string> Reads => [WebhookEndpoint.KeyOf(_endpointId), _deliveryKey, _note.RowKey];

    /// <summary>The replay of an endpoint's delivery, <c>dlv_…</c>; null when the id cannot be one of that endpoint.</summary>
    public static ReplayDecision? Of(string endpointId, string deliveryId)
    {
        Ids.TryParse("we", endpointId, out var workspaceId, out var endpointKey);
        return Ids.TryParse("dlv", deliveryId, out var owner, out var key) && owner == workspaceId
            && key.StartsWith(endpointKey, StringComparison.Ordinal) && Ids.NumberOf(key[endpointKey.Length..]) is { } sequence
            ? new ReplayDecision(endpointId, endpointKey, sequence)
            : null;
    }

    /// <summary>Leaves the note and rings for it.</summary>
    /// <returns>The delivery as it will be when somebody gets to it.</returns>
    public Outcome<WebhookDelivery> Decide(Draft draft)
    {
        if (!draft.TryFind<WebhookEndpoint>(WebhookEndpoint.KeyOf(_endpointId), out var endpoint))
        {
            return Refusal.NotFound("webhook");
        }

        if (!draft.TryFind<WebhookDelivery>(_deliveryKey, out var delivery))
        {
            return Refusal.NotFound("delivery");
        }

        if (endpoint.Disabled is { } disabled && delivery.EventType != EventTypes.Ping)
        {
            return Refusal.Conflict($"The endpoint is disabled since {Instants.Text(disabled.At)}; a test that arrives enables it.");
        }

        var replayed = delivery.Replayed(draft.Now);
        if (draft.TryFind<DueDelivery>(_note.RowKey, out _))
        {
            return new Outcome<WebhookDelivery>.AlreadyApplied(replayed);
        }

        draft.Put(_note);
        draft.Ring(Queues.Webhooks, _endpointId);
        return replayed;
    }
}
