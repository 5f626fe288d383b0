using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Billing.Webhooks;

namespace Billing.Api.Webhooks;

/// <summary>Whether anything is sent to an endpoint.</summary>
public enum WebhookStatus
{
    /// <summary>Yes.</summary>
    Enabled,

    /// <summary>No: <see cref="WebhookView.DisabledReason"/> says why. A test that arrives or a recovery enables it again.</summary>
    Disabled,
}

/// <summary>An endpoint as its customer sees it.</summary>
public sealed record WebhookView(
    string Id,
    string WorkspaceId,
    string Url,
    ImmutableArray<string> Events,
    Credits? LowThreshold,
    WebhookStatus Status,
    DisabledReason? DisabledReason,
    DateTimeOffset? DisabledAt,
    DateTimeOffset? FailingSince,
    DateTimeOffset CreatedAt)
{
    /// <summary>The secret; only in the answer that makes it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secret { get; init; }

    /// <summary>Until when the secret before this one signs, too; only in the answer that rotates it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? FormerSecretValidUntil { get; init; }

    internal static WebhookView Of(WebhookEndpoint endpoint, DateTimeOffset? failingSince = null)
    {
        Ids.TryParse("we", endpoint.Id, out var workspaceId, out _);
        return new WebhookView(
            endpoint.Id,
            workspaceId,
            endpoint.Url,
            endpoint.Events,
            endpoint.LowThreshold,
            endpoint.Disabled is null ? WebhookStatus.Enabled : WebhookStatus.Disabled,
            endpoint.Disabled?.Reason,
            endpoint.Disabled?.At,
            failingSince,
            endpoint.CreatedAt);
    }
}

/// <summary>The answer of <c>GET /webhooks</c>.</summary>
public sealed record WebhooksView(ImmutableArray<WebhookView> Webhooks);

/// <summary>A delivery as its customer sees it.</summary>
public sealed record DeliveryView(
    string Id,
    string EventId,
    string Type,
    DeliveryStatus Status,
    DeliveryFailure? Failure,
    int AttemptCount,
    ImmutableArray<AttemptView> Attempts,
    DateTimeOffset? NextAttemptAt,
    DateTimeOffset CreatedAt)
{
    internal static DeliveryView Of(WebhookDelivery delivery, string workspaceId) => new(
        delivery.IdIn(workspaceId),
        Ids.Of("evt", workspaceId, delivery.Sequence),
        delivery.EventType,
        delivery.Status,
        delivery.Failure,
        delivery.AttemptCount,
        [.. delivery.Attempts.Select(attempt => new AttemptView(attempt.At, attempt.Status, attempt.DurationMs, attempt.Answer, attempt.Error))],
        delivery.NextAttemptAt,
        delivery.CreatedAt);
}

/// <summary>One attempt.</summary>
/// <param name="At">When it began.</param>
/// <param name="Status">HTTP status of the answer; null when none came.</param>
/// <param name="DurationMs">How long it took.</param>
/// <param name="Response">The first 1 KiB of the answer's body.</param>
/// <param name="Error">Why no answer came.</param>
public sealed record AttemptView(DateTimeOffset At, int? Status, long DurationMs, string? Response, string? Error);

/// <summary>The answer of <c>GET /webhooks/{id}/deliveries</c>.</summary>
public sealed record DeliveriesView(ImmutableArray<DeliveryView> Deliveries, string? NextCursor);
