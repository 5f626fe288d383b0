using System.Collections.Immutable;

namespace Billing.Keys;

/// <summary>Which API keys an account has, so that they are counted in the transaction that adds one: a row of its personal workspace.</summary>
public sealed record KeyRing : Record
{
    public const string Key = "keys";

    /// <summary>Keys that work, at most.</summary>
    public const int Most = 200;

    /// <summary>Keys that work while overlaps run, at most: each of <see cref="Most"/> may have its successor beside it.</summary>
    public const int MostWithSuccessors = 2 * Most;

    /// <summary>Keys that are remembered, at most: those that ended first go before their time.</summary>
    public const int MostKept = 1_000;

    /// <summary>How long a key that works no longer stays in the list.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(90);

    // A key is written after the ring: one that is not there by then was lost on its way, and nobody ever saw it.
    private static readonly TimeSpan LongestOnItsWay = TimeSpan.FromHours(1);

    public ImmutableArray<RingedKey> Keys { get; init; } = [];

    public override string RowKey => Key;

    /// <summary>The ring with one more key; refused where as many work as may.</summary>
    public Outcome<KeyRing> Add(ApiKey key, DateTimeOffset now) => Keys.Count(one => one.WorksAt(now)) >= Most
        ? Refusal.Conflict($"The account has {Most} keys that work; revoke one before you create another.")
        : With(key, now);

    /// <summary>The ring with a key that takes another's place. The other stays as it is until it has been told its end: who dies before that has freed nothing.</summary>
    public Outcome<KeyRing> Rotate(ApiKey former, ApiKey key, DateTimeOffset endsAt, DateTimeOffset now) =>
        Keys.Count(one => one.WorksAt(now) && (one.Id != former.Id || endsAt > now)) >= MostWithSuccessors
            ? Refusal.Conflict($"The account has {MostWithSuccessors} keys that work; revoke one, or rotate without an overlap.")
            : With(key, now);

    /// <summary>The ring without a key that nobody ever saw.</summary>
    public KeyRing Without(ApiKey key) => this with { Keys = [.. Keys.Where(one => one.Id != key.Id)] };

    /// <summary>The ring after a key of it was revoked or rotated.</summary>
    public KeyRing End(ApiKey ended) => this with { Keys = [.. Keys.Select(one => one.Id == ended.Id ? RingedKey.Of(ended) : one)] };

    /// <summary>The ring as the keys themselves have it: some were made before there were rings, others revoked by a process that died before it said so.</summary>
    public KeyRing Corrected(IReadOnlyCollection<ApiKey> stored, DateTimeOffset now)
    {
        var found = stored.Select(RingedKey.Of).ToImmutableArray();
        var onTheirWay = Keys.Where(one => one.CreatedAt + LongestOnItsWay > now && found.All(other => other.Id != one.Id));
        return Kept([.. found, .. onTheirWay], now);
    }

    /// <summary>True when a key is still in the list.</summary>
    public static bool Lists(ApiKey key, DateTimeOffset now) => RingedKey.Of(key).IsListedAt(now);

    private KeyRing With(ApiKey key, DateTimeOffset now) => Kept([.. Keys.Where(one => one.Id != key.Id), RingedKey.Of(key)], now);

    private KeyRing Kept(ImmutableArray<RingedKey> keys, DateTimeOffset now) => this with
    {
        Keys =
        [
            .. keys.Where(one => one.IsListedAt(now))
                .OrderByDescending(one => one.WorksAt(now))
                .ThenByDescending(one => one.EndsAt)
                .Take(MostKept)
                .OrderBy(one => one.CreatedAt)
                .ThenBy(one => one.Id, StringComparer.Ordinal),
        ],
    };
}

/// <param name="EndsAt">When it works no longer; null while nobody knows.</param>
public sealed record RingedKey(string Id, DateTimeOffset CreatedAt, DateTimeOffset? EndsAt)
{
    public bool WorksAt(DateTimeOffset now) => !(EndsAt <= now);

    public bool IsListedAt(DateTimeOffset now) => !(EndsAt + KeyRing.KeptFor <= now);

    public static RingedKey Of(ApiKey key) => new(key.Id, key.CreatedAt, key.EndsAt);
}
