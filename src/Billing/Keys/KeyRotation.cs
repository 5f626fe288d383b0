namespace Billing.Keys;

/// <summary>A new key takes the place of one that works, which goes on beside it for a while.</summary>
public static class KeyRotation
{
    /// <summary>As long as a release may take to reach every machine; a key that leaked is not left working for longer.</summary>
    public static readonly TimeSpan LongestOverlap = TimeSpan.FromDays(7);

    /// <summary>The new key: all that was said of the former one, and nothing of what became of it.</summary>
    public static ApiKey SuccessorOf(ApiKey former, ApiKeySecret text, DateTimeOffset now) => former with
    {
        Id = text.KeyId,
        Hash = text.Hash,
        Masked = text.Masked,
        CreatedAt = now,
        LastUsedAt = null,
        SuccessorId = null,
        OverlapEndsAt = null,
    };

    /// <summary>The former key with its end in sight.</summary>
    /// <param name="successor">The key that it named as its successor so far; null when it named none, or that one was never stored.</param>
    /// <param name="keyId">The new key.</param>
    public static Outcome<ApiKey> Rotate(ApiKey former, ApiKey? successor, string keyId, DateTimeOffset endsAt, DateTimeOffset now)
    {
        if (former.SuccessorId == keyId)
        {
            return new Outcome<ApiKey>.AlreadyApplied(former);
        }

        if (!former.WorksAt(now))
        {
            return Refusal.NotFound("API key");
        }

        return successor?.WorksAt(now) == true
            ? Refusal.Conflict($"The key has a successor that works, {successor.Id}; rotate that one, or revoke it first.")
            : former with { SuccessorId = keyId, OverlapEndsAt = endsAt };
    }
}
