using System.Collections.Immutable;
using Billing.Events;

namespace Billing.Webhooks;

public enum DisabledReason
{
    /// <summary>It answered 410.</summary>
    Gone,

    Failing,

    /// <summary>Who made it has left the workspace.</summary>
    MemberLeft,
}

public sealed record Disabling(DisabledReason Reason, DateTimeOffset At);

/// <summary>A secret that was rotated out.</summary>
/// <param name="Secret"><c>whsec_…</c></param>
/// <param name="ValidUntil">It signs, too, before this.</param>
public sealed record FormerSecret(string Secret, DateTimeOffset ValidUntil);

/// <summary>A customer's webhook endpoint. The account remembers it as a <see cref="Subscriber"/>; both change in one transaction.</summary>
public sealed record WebhookEndpoint : Record
{
    public const string Prefix = "hook:";

    /// <summary>How long a secret still signs after its rotation.</summary>
    public static readonly TimeSpan SecretOverlap = TimeSpan.FromHours(24);

    /// <summary><c>we_…</c>: what comes after the workspace is <see cref="Key"/>.</summary>
    public required string Id { get; init; }

    public required string Url { get; init; }

    /// <summary>The account that made it; null where that was not kept.</summary>
    public string? Owner { get; init; }

    public required ImmutableArray<string> Events { get; init; }

    /// <summary>Its own threshold for <c>credits.low</c>.</summary>
    public Credits? LowThreshold { get; init; }

    /// <summary><c>whsec_…</c></summary>
    public required string Secret { get; init; }

    /// <summary>Secrets before that one, newest first; those that were valid at the last rotation.</summary>
    public ImmutableArray<FormerSecret> FormerSecrets { get; init; } = [];

    /// <summary>When it was created, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    public Disabling? Disabled { get; init; }

    public string Key => KeyIn(Id);

    public override string RowKey => KeyOf(Id);

    public static string KeyOf(string id) => Prefix + KeyIn(id);

    /// <summary>Every secret that a receiver may still use, newest first.</summary>
    public ImmutableArray<string> SecretsAt(DateTimeOffset now) =>
        [Secret, .. FormerSecrets.Where(former => former.ValidUntil > now).Select(former => former.Secret)];

    /// <summary>The same endpoint in another lane of the seller's feed.</summary>
    public WebhookEndpoint In(string lane) => this with { Id = Ids.Of("we", lane, Key), Disabled = null };

    private static string KeyIn(string id) => id["we_".Length..][Ids.WorkspaceKeyLength..];
}
