namespace Billing.Keys;

/// <summary>What is stored of an API key. The key itself is not.</summary>
public sealed record ApiKey
{
    /// <summary><c>key_…</c>, made from the hash.</summary>
    public required string Id { get; init; }

    /// <summary>SHA-256 of the whole key, hexadecimal.</summary>
    public required string Hash { get; init; }

    /// <summary>What people see of it: <c>bluma_live_…a1B2</c>.</summary>
    public required string Masked { get; init; }

    public required string Name { get; init; }

    public required KeyEnvironment Environment { get; init; }

    public required string AccountId { get; init; }

    /// <summary>The account's personal workspace, where the key's rate window is kept.</summary>
    public required string HomeWorkspaceId { get; init; }

    public required string Product { get; init; }

    /// <summary>When it was created, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was revoked, UTC; null while it works.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>The day on which it was used last, UTC, as far as is known.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>The limit an operator gave it, in place of the plan's.</summary>
    public int? RateLimit { get; init; }

    /// <summary>True when that was above the plan's of then: it never holds back a later, larger plan. Null where it was not: it holds.</summary>
    public bool? Raised { get; init; }
}
