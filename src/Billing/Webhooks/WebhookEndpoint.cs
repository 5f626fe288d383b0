using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Billing.Webhooks;

/// <summary>Why nothing is sent to an endpoint any more.</summary>
public enum DisabledReason
{
    /// <summary>It answered 410.</summary>
    Gone,

    /// <summary>It failed for five days.</summary>
    Failing,
}

/// <summary>That an endpoint was disabled.</summary>
public sealed record Disabling(DisabledReason Reason, DateTimeOffset At);

/// <summary>A secret that was rotated out.</summary>
/// <param name="Secret"><c>whsec_…</c></param>
/// <param name="ValidUntil">It signs, too, before this.</param>
public sealed record FormerSecret(string Secret, DateTimeOffset ValidUntil);

/// <summary>A customer's webhook endpoint. The account remembers it as a <see cref="Subscriber"/>; both change in one transaction.</summary>
public sealed record WebhookEndpoint : Record
{
    /// <summary>Row keys of endpoints begin with this.</summary>
    public const string Prefix = "hook:";

    /// <summary>How long a secret still signs after its rotation.</summary>
    public static readonly TimeSpan SecretOverlap = TimeSpan.FromHours(24);

    /// <summary><c>we_…</c>: what comes after the workspace is <see cref="Key"/>.</summary>
    public required string Id { get; init; }

    /// <summary>Where deliveries are sent.</summary>
    public required string Url { get; init; }

    /// <summary>Event types it wants.</summary>
    public required ImmutableArray<string> Events { get; init; }

    /// <summary>Its own threshold for <c>credits.low</c>.</summary>
    public Credits? LowThreshold { get; init; }

    /// <summary><c>whsec_…</c></summary>
    public required string Secret { get; init; }

    /// <summary>Secrets before that one, newest first; those that were valid at the last rotation.</summary>
    public ImmutableArray<FormerSecret> FormerSecrets { get; init; } = [];

    /// <summary>When it was created, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Set when nothing is sent to it any more.</summary>
    public Disabling? Disabled { get; init; }

    /// <summary>The key that rows about it carry.</summary>
    [JsonIgnore]
    public string Key => KeyIn(Id);

    /// <inheritdoc/>
    [JsonIgnore]
    public override string RowKey => KeyOf(Id);

    /// <summary>The row key of an endpoint.</summary>
    public static string KeyOf(string id) => Prefix + KeyIn(id);

    /// <summary>Every secret that a receiver may still use, newest first.</summary>
    public ImmutableArray<string> SecretsAt(DateTimeOffset now) =>
        [Secret, .. FormerSecrets.Where(former => former.ValidUntil > now).Select(former => former.Secret)];

    private static string KeyIn(string id) => id["we_".Length..][Ids.WorkspaceKeyLength..];
}
