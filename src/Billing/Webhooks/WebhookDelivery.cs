using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Billing.Webhooks;

/// <summary>Where a delivery stands.</summary>
public enum DeliveryStatus
{
    /// <summary>It is to be attempted.</summary>
    Pending,

    /// <summary>The endpoint took it.</summary>
    Succeeded,

    /// <summary>It is given up.</summary>
    Failed,
}

/// <summary>Why a delivery was given up.</summary>
public enum DeliveryFailure
{
    /// <summary>The last attempt of the schedule failed.</summary>
    AttemptsUsedUp,

    /// <summary>The endpoint answered 410.</summary>
    EndpointGone,

    /// <summary>The endpoint is disabled.</summary>
    EndpointDisabled,

    /// <summary>The event is not kept any more.</summary>
    EventExpired,
}

/// <summary>One attempt to deliver.</summary>
/// <param name="At">When it began, UTC.</param>
/// <param name="Status">HTTP status; null when none came.</param>
/// <param name="DurationMs">How long it took, in real milliseconds.</param>
/// <param name="Answer">The first 1 KiB of the answer's body.</param>
/// <param name="Error">Why no status came.</param>
public sealed record DeliveryAttempt(DateTimeOffset At, int? Status, long DurationMs, string? Answer, string? Error);

/// <summary>The delivery of one event to one endpoint. Only who holds the endpoint's lane changes it.</summary>
public sealed record WebhookDelivery : Record
{
    /// <summary>Row keys of deliveries begin with this.</summary>
    public const string Prefix = "dlv:";

    /// <summary>Attempts that are remembered; older ones go.</summary>
    public const int AttemptsKept = 20;

    /// <summary>Kept this long after the last attempt.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    /// <summary>The endpoint's <see cref="WebhookEndpoint.Key"/>.</summary>
    public required string EndpointKey { get; init; }

    /// <summary>The event's number.</summary>
    public required long Sequence { get; init; }

    /// <summary>The event's type.</summary>
    public required string EventType { get; init; }

    /// <summary>Where it stands.</summary>
    public required DeliveryStatus Status { get; init; }

    /// <summary>When it is attempted next, UTC; null when it is not.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>Attempts since it was created or replayed: how far the schedule has come.</summary>
    public int Tries { get; init; }

    /// <summary>Attempts ever made.</summary>
    public int AttemptCount { get; init; }

    /// <summary>The attempts made last, oldest first.</summary>
    public ImmutableArray<DeliveryAttempt> Attempts { get; init; } = [];

    /// <summary>Why it was given up.</summary>
    public DeliveryFailure? Failure { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string RowKey => KeyOf(EndpointKey, Sequence);

    /// <summary>A delivery that was not attempted yet.</summary>
    public static WebhookDelivery New(string endpointKey, long sequence, string eventType, DateTimeOffset now) => new()
    {
        EndpointKey = endpointKey,
        Sequence = sequence,
        EventType = eventType,
        Status = DeliveryStatus.Pending,
        NextAttemptAt = now,
        CreatedAt = now,
    };

    /// <summary>All deliveries of an endpoint; the newest sorts first.</summary>
    public static KeyRange Of(string endpointKey) => KeyRange.StartingWith($"{Prefix}{endpointKey}:");

    /// <summary>The row key of a delivery.</summary>
    public static string KeyOf(string endpointKey, long sequence) =>
        $"{Prefix}{endpointKey}:{(long.MaxValue - sequence).ToString("x16", CultureInfo.InvariantCulture)}";

    /// <summary><c>dlv_…</c>: the workspace, the endpoint's key, the event's number.</summary>
    public string IdIn(string workspaceId) => Ids.Of("dlv", workspaceId, EndpointKey + Ids.TextOf(Sequence));

    /// <summary>True when it need not be kept any more.</summary>
    public bool IsOver(DateTimeOffset now) =>
        Status != DeliveryStatus.Pending && (Attempts.IsEmpty ? CreatedAt : Attempts[^1].At) + KeptFor <= now;

    /// <summary>To be attempted at once, and with the whole schedule before it.</summary>
    public WebhookDelivery Replayed(DateTimeOffset now) =>
        this with { Status = DeliveryStatus.Pending, NextAttemptAt = now, Tries = 0, Failure = null };

    /// <summary>After an attempt: done, to be tried again on schedule, or given up.</summary>
    /// <param name="attempt">What came of it.</param>
    /// <param name="id">Its id, which spreads retries.</param>
    /// <param name="now">When the attempt was over.</param>
    public WebhookDelivery After(DeliveryAttempt attempt, string id, DateTimeOffset now)
    {
        var attempts = Attempts.Length < AttemptsKept ? Attempts : Attempts.RemoveRange(0, Attempts.Length - AttemptsKept + 1);
        var tried = this with { Tries = Tries + 1, AttemptCount = AttemptCount + 1, Attempts = attempts.Add(attempt) };
        if (attempt.Status is >= 200 and <= 299)
        {
            return tried with { Status = DeliveryStatus.Succeeded, NextAttemptAt = null };
        }

        return RetrySchedule.NextAttemptAt(tried.Tries, now, RetrySchedule.JitterOf(id, tried.Tries)) is { } next
            ? tried with { NextAttemptAt = Instants.Milliseconds(next) }
            : tried.GivenUp(DeliveryFailure.AttemptsUsedUp);
    }

    /// <summary>Not to be attempted any more.</summary>
    public WebhookDelivery GivenUp(DeliveryFailure failure) => this with { Status = DeliveryStatus.Failed, NextAttemptAt = null, Failure = failure };
}
