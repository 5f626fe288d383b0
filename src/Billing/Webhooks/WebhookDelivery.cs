using System.Collections.Immutable;
using System.Globalization;
using Billing.Events;

namespace Billing.Webhooks;

public enum DeliveryStatus
{
    Pending,

    Succeeded,

    Failed,
}

public enum DeliveryFailure
{
    AttemptsUsedUp,

    /// <summary>The endpoint answered 410.</summary>
    EndpointGone,

    EndpointDisabled,

    EventExpired,
}

/// <summary>One attempt to deliver.</summary>
/// <param name="At">When it began, UTC.</param>
/// <param name="Status">HTTP status; null when none came.</param>
/// <param name="DurationMs">How long it took, in real milliseconds.</param>
/// <param name="Answer">The first 1 KiB of the answer's body.</param>
public sealed record DeliveryAttempt(DateTimeOffset At, int? Status, long DurationMs, string? Answer, string? Error);

/// <summary>The delivery of one event to one endpoint. Only its attempts change it, each at the version that it read.</summary>
public sealed record WebhookDelivery : Record
{
    public const string Prefix = "dlv:";

    public const int AttemptsKept = 20;

    /// <summary>Kept this long after the last attempt.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    /// <summary>The endpoint's <see cref="WebhookEndpoint.Key"/>.</summary>
    public required string EndpointKey { get; init; }

    public required long Sequence { get; init; }

    public required string EventType { get; init; }

    public required DeliveryStatus Status { get; init; }

    /// <summary>When it is attempted next, UTC; null when it is not.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>Attempts since it was created or replayed: how far the schedule has come.</summary>
    public int Tries { get; init; }

    public int AttemptCount { get; init; }

    /// <summary>The attempts made last, oldest first.</summary>
    public ImmutableArray<DeliveryAttempt> Attempts { get; init; } = [];

    public DeliveryFailure? Failure { get; init; }

    /// <summary>When it was given up, UTC; null while it is not, and where that was not kept.</summary>
    public DateTimeOffset? GivenUpAt { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    public override string RowKey => KeyOf(EndpointKey, Sequence);

    /// <summary>The note that a pending delivery has; null for one that is done or given up.</summary>
    public ScheduledAttempt? Note => Status != DeliveryStatus.Pending ? null : new() { EndpointKey = EndpointKey, Sequence = Sequence, At = NextAttemptAt };

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

    public static string KeyOf(string endpointKey, long sequence) =>
        $"{Prefix}{endpointKey}:{(long.MaxValue - sequence).ToString("x16", CultureInfo.InvariantCulture)}";

    public string IdIn(string workspaceId) => new DeliveryId(workspaceId, EndpointKey, Sequence).ToString();

    public bool IsOver(DateTimeOffset now) =>
        Status != DeliveryStatus.Pending && LastChangedAt + KeptFor <= now;

    /// <summary>True when it was given up at an instant or after it, and what it told of is still there.</summary>
    public bool IsRecoverable(DateTimeOffset since, DateTimeOffset now) =>
        Status == DeliveryStatus.Failed && Failure != DeliveryFailure.EventExpired && (GivenUpAt ?? LastChangedAt) >= since && CreatedAt + BillingEvent.KeptFor > now;

    /// <summary>To be attempted at once, and with the whole schedule before it.</summary>
    public WebhookDelivery Replayed(DateTimeOffset now) =>
        this with { Status = DeliveryStatus.Pending, NextAttemptAt = now, Tries = 0, Failure = null, GivenUpAt = null };

    /// <summary>After an attempt: done, to be tried again on schedule, or given up.</summary>
    /// <param name="retryAfter">How long the receiver asks to be left alone.</param>
    public WebhookDelivery After(DeliveryAttempt attempt, string id, DateTimeOffset now, TimeSpan? retryAfter = null)
    {
        var attempts = Attempts.Length < AttemptsKept ? Attempts : Attempts.RemoveRange(0, Attempts.Length - AttemptsKept + 1);
        var tried = this with { Tries = Tries + 1, AttemptCount = AttemptCount + 1, Attempts = attempts.Add(attempt) };
        if (attempt.Status is >= 200 and <= 299)
        {
            return tried with { Status = DeliveryStatus.Succeeded, NextAttemptAt = null };
        }

        var asked = now + (retryAfter ?? TimeSpan.Zero);
        return RetrySchedule.NextAttemptAt(tried.Tries, now, RetrySchedule.JitterOf(id, tried.Tries)) is { } next
            ? tried with { NextAttemptAt = Instants.Milliseconds(new[] { asked, next }.Max()) }
            : tried.GivenUp(DeliveryFailure.AttemptsUsedUp, now);
    }

    public WebhookDelivery GivenUp(DeliveryFailure failure, DateTimeOffset now) =>
        this with { Status = DeliveryStatus.Failed, NextAttemptAt = null, Failure = failure, GivenUpAt = now };

    /// <summary>What is given up for an endpoint that is disabled is not given up before it: whoever recovers what came since then finds it.</summary>
    public WebhookDelivery NotGivenUpBefore(DateTimeOffset? disabledAt) => GivenUpAt < disabledAt ? this with { GivenUpAt = disabledAt } : this;

    private DateTimeOffset LastChangedAt => Attempts.IsEmpty ? CreatedAt : Attempts[^1].At;
}
