namespace Billing.Events;

/// <summary>
/// A note that something is to be sent: an event to every endpoint that it is for, or a delivery to its endpoint. A workspace's notes sort by when they are
/// due, so that what is due is read without looking at what was delivered. A delivery that is pending has exactly one, and both change in one transaction.
/// </summary>
public sealed record ScheduledAttempt : Record
{
    public const string Prefix = "out:";

    private const string AtOnce = "000000000";

    /// <summary>The endpoint's key; null for an event that has no deliveries yet.</summary>
    public string? EndpointKey { get; init; }

    public required long Sequence { get; init; }

    /// <summary>When it is due, UTC; null for at once.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>True when the customer asks for a delivery once more, whatever became of it.</summary>
    public bool Replay { get; init; }

    public override string RowKey =>
        $"{Prefix}{(At is { } at ? Ids.TimePart(at) : AtOnce)}:{Ids.TextOf(Sequence)}{(EndpointKey is null ? "" : ":" + EndpointKey)}{(Replay ? ":r" : "")}";

    public static ScheduledAttempt OfEvent(long sequence) => new() { Sequence = sequence };

    /// <summary>The note for a replay. There is at most one for each delivery.</summary>
    public static ScheduledAttempt OfReplay(string endpointKey, long sequence) => new() { EndpointKey = endpointKey, Sequence = sequence, Replay = true };

    public static KeyRange DueAt(DateTimeOffset now) => new(Prefix, Prefix + Ids.TimePart(now.AddMilliseconds(1)));

    /// <summary>Those that are due at once: fresh events and replays.</summary>
    public static KeyRange DueAtOnce => KeyRange.StartingWith($"{Prefix}{AtOnce}:");

    public string MessageIn(string workspaceId) =>
        EndpointKey is null ? Ids.Of("evt", workspaceId, Sequence) : new DeliveryId(workspaceId, EndpointKey, Sequence).ToString();
}
