using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Billing.Keys;

namespace Billing.Api.Keys;

/// <summary>An API key as its owner sees it. The key itself is shown once, when it is created.</summary>
public sealed record ApiKeyView(string Id, string Name, KeyEnvironment Environment, string Masked, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, string WorkspaceId)
{
    /// <summary>The whole key; only in the answer that creates it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Key { get; init; }

    /// <summary>The key that took its place; only where one did.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SuccessorId { get; init; }

    /// <summary>The rate limit an operator gave it; null for the plan's.</summary>
    public int? RateLimit { get; init; }

    /// <summary>Days are noted; a key was not used before it was made.</summary>
    private static DateTimeOffset? UsedAt(ApiKey key) => key.LastUsedAt < key.CreatedAt ? key.CreatedAt : key.LastUsedAt;

    internal static ApiKeyView Of(ApiKey key, ApiKeySecret? text = null) =>
        new(key.Id, key.Name, key.Environment, key.Masked, key.CreatedAt, UsedAt(key), key.LapsesAt, key.RevokedAt, key.HomeWorkspaceId)
        {
            Key = text?.Reveal(),
            SuccessorId = key.SuccessorId,
            RateLimit = key.RateLimit,
        };
}

/// <summary>The answer of <c>GET /api-keys</c>.</summary>
public sealed record ApiKeysView(ImmutableArray<ApiKeyView> ApiKeys);
