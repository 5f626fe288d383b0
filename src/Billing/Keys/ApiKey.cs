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

    /// <summary>The workspace it was made for, where its rate window is kept.</summary>
    public required string HomeWorkspaceId { get; init; }

    public required string Product { get; init; }

    /// <summary>When it was created, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was revoked, UTC; null while it works.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>When it works no longer by itself, UTC; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The key that took its place; null while none did.</summary>
    public string? SuccessorId { get; init; }

    /// <summary>Until when it works beside its successor, UTC.</summary>
    public DateTimeOffset? OverlapEndsAt { get; init; }

    /// <summary>True when its home is a team's workspace: then it works only while its account is a member.</summary>
    public bool? Team { get; init; }

    /// <summary>When it works no longer by itself, be it that it expires or that its successor is alone then.</summary>
    public DateTimeOffset? LapsesAt => Instants.Earliest(ExpiresAt, OverlapEndsAt);

    /// <summary>The instant from which it works no longer; null while none is known.</summary>
    public DateTimeOffset? EndsAt => Instants.Earliest(RevokedAt, LapsesAt);

    public bool WorksAt(DateTimeOffset now) => !(EndsAt <= now);

    /// <summary>The day on which it was used last, UTC, as far as is known.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>The limit an operator gave it, in place of the plan's.</summary>
    public int? RateLimit { get; init; }

    /// <summary>True when that was above the plan's of then: it never holds back a later, larger plan. Null where it was not: it holds.</summary>
    public bool? Raised { get; init; }
}
