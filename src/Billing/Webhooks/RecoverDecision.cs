using System.Collections.Immutable;
using Billing.Events;
using Billing.Workspaces;

namespace Billing.Webhooks;

/// <summary>Enables an endpoint and asks once more for deliveries of it that were given up. Like a replay it leaves notes; a delivery that has one gets no other.</summary>
public sealed class RecoverDecision
{
    /// <summary>Deliveries in one decision, at most: its rows share a transaction with others.</summary>
    public const int Most = 50;

    /// <summary>Rows that it writes, at most: the notes, the endpoint, its health, the stored answer.</summary>
    public const int MostRows = Most + 3;

    private readonly string _endpointId;
    private readonly DateTimeOffset _since;
    private readonly ImmutableArray<ScheduledAttempt> _notes;

    /// <param name="since">Those that were given up before this stay as they are.</param>
    /// <param name="deliveries">What may be recovered, as it was found.</param>
    public RecoverDecision(string endpointId, DateTimeOffset since, IEnumerable<WebhookDelivery> deliveries)
    {
        _endpointId = endpointId;
        _since = since;
        _notes = [.. deliveries.Take(Most).Select(one => ScheduledAttempt.OfReplay(one.EndpointKey, one.Sequence))];
    }

    public ImmutableArray<string> Reads =>
    [
        WebhookEndpoint.KeyOf(_endpointId),
        HealthKey,
        .. _notes.Select(note => note.RowKey),
        .. _notes.Select(DeliveryOf),
    ];

    private string HealthKey => EndpointHealth.KeyOf(WebhookEndpoint.KeyOf(_endpointId)[WebhookEndpoint.Prefix.Length..]);

    /// <returns>How many deliveries are asked for.</returns>
    public Outcome<int> Decide(UnitOfWork unit)
    {
        if (!unit.TryFind<WebhookEndpoint>(WebhookEndpoint.KeyOf(_endpointId), out var endpoint))
        {
            return Refusal.NotFound("webhook");
        }

        if (endpoint.Disabled is { Reason: DisabledReason.MemberLeft })
        {
            return EndpointDecisions.MemberLeft;
        }

        if (endpoint.Disabled is not null)
        {
            Enable(unit);
        }

        var lost = _notes.Where(note => IsLost(unit, note)).ToList();
        lost.ForEach(note => unit.Put(note));
        return lost.Count;
    }

    // What it was disabled for must not disable it at the next failure.
    private void Enable(UnitOfWork unit)
    {
        EndpointDecisions.Enable(unit, _endpointId);
        if (unit.TryFind<EndpointHealth>(HealthKey, out var health))
        {
            unit.Put(health.Recovered(unit.Now));
        }
    }

    private bool IsLost(UnitOfWork unit, ScheduledAttempt note) =>
        !unit.TryFind<ScheduledAttempt>(note.RowKey, out _)
        && unit.TryFind<WebhookDelivery>(DeliveryOf(note), out var delivery)
        && delivery.IsRecoverable(_since, unit.Now);

    private static string DeliveryOf(ScheduledAttempt note) => WebhookDelivery.KeyOf(note.EndpointKey!, note.Sequence);
}
