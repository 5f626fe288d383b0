using System.Text.Json.Serialization;

namespace Billing.Webhooks;

/// <summary>
/// A note that a delivery is to be attempted. An endpoint's notes sort by when they are due, those for first attempts before all others and in order of
/// their events, so that what is due is read without looking at what was delivered.
/// </summary>
public sealed record DueDelivery : Record
{
    /// <summary>Row keys of notes begin with this.</summary>
    public const string Prefix = "out:";

    private const string AtOnce = "000000000";

    /// <summary>The endpoint's <see cref="WebhookEndpoint.Key"/>.</summary>
    public required string EndpointKey { get; init; }

    /// <summary>The event's number.</summary>
    public required long Sequence { get; init; }

    /// <summary>When the delivery is due, UTC; null for at once.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>True when the customer asks for it once more, whatever became of it.</summary>
    public bool Replay { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string RowKey => $"{Prefix}{EndpointKey}:{(At is { } at ? Ids.TimePart(at) : AtOnce)}{Ids.TextOf(Sequence)}{(Replay ? "r" : "")}";

    /// <summary>The note that a pending delivery has; null for one that is done or given up.</summary>
    public static DueDelivery? Of(WebhookDelivery delivery) => delivery.Status != DeliveryStatus.Pending ? null : new()
    {
        EndpointKey = delivery.EndpointKey,
        Sequence = delivery.Sequence,
        At = delivery.Tries == 0 && delivery.AttemptCount == 0 ? null : delivery.NextAttemptAt,
    };

    /// <summary>The note for a replay. There is at most one for each delivery.</summary>
    public static DueDelivery ForReplay(string endpointKey, long sequence) => new() { EndpointKey = endpointKey, Sequence = sequence, Replay = true };

    /// <summary>All notes of an endpoint.</summary>
    public static KeyRange Of(string endpointKey) => KeyRange.StartingWith($"{Prefix}{endpointKey}:");

    /// <summary>Those due before an instant.</summary>
    public static KeyRange Before(string endpointKey, DateTimeOffset at) => Of(endpointKey) with { To = $"{Prefix}{endpointKey}:{Ids.TimePart(at)}" };
}
