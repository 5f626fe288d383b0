using System.Collections.Immutable;

namespace Billing.Workspaces;

/// <summary>The grants with credits left, in burn-down order: what expires first, then bonus, then top-up, oldest first.</summary>
/// <remarks>Invariants: every grant has credits left; each id stands once; <see cref="Total"/> is the sum of what is left.</remarks>
public sealed class BurnDown
{
    public const int MaxGrants = 2_000;

    public static readonly BurnDown Empty = new(ImmutableSortedSet.Create<Grant>(BurnOrder.Instance), Credits.Zero, null);

    private readonly ImmutableSortedSet<Grant> _grants;
    private readonly Grant? _lastTouched;

    private BurnDown(ImmutableSortedSet<Grant> grants, Credits total, Grant? lastTouched)
    {
        _grants = grants;
        _lastTouched = lastTouched;
        Total = total;
    }

    public Credits Total { get; }

    public int Count => _grants.Count;

    public IReadOnlyList<Grant> All => _grants;

    /// <summary>When the next grant expires; null when none ever does.</summary>
    public DateTimeOffset? NextExpiryAt => _grants.Count == 0 ? null : _grants[0].ExpiresAt;

    public static BurnDown Of(IEnumerable<Grant> grants) => grants.Aggregate(Empty, (all, grant) => all.Add(grant));

    public Credits TotalOf(GrantKind kind) => _grants.Aggregate(Credits.Zero, (sum, grant) => grant.Kind == kind ? sum + grant.Left : sum);

    /// <summary>Adds credits: as a new grant, or to what is left of the same one.</summary>
    public BurnDown Add(Grant grant)
    {
        if (grant.Left <= Credits.Zero)
        {
            return this;
        }

        var merged = _grants.TryGetValue(grant, out var same) ? grant with { Left = grant.Left + same.Left } : grant;
        return new BurnDown(_grants.Remove(grant).Add(merged), Total + grant.Left, LaterTouched(grant));
    }

    /// <summary>Takes <paramref name="amount"/> in burn-down order; the caller has made sure that it is there.</summary>
    public (BurnDown Left, ImmutableArray<Draw> Draws) Spend(Credits amount)
    {
        var left = this;
        var draws = ImmutableArray.CreateBuilder<Draw>();
        while (amount > Credits.Zero)
        {
            var first = left._grants[0];
            var taken = Credits.Min(first.Left, amount);
            left = left.Take(first, taken);
            draws.Add(first.Draw(taken));
            amount -= taken;
        }

        return (left, draws.ToImmutable());
    }

    /// <summary>Takes from one grant; the caller has made sure that it is there.</summary>
    public BurnDown Take(Grant grant, Credits amount)
    {
        var rest = _grants.Remove(grant);
        var left = grant with { Left = grant.Left - amount };
        return new BurnDown(left.Left > Credits.Zero ? rest.Add(left) : rest, Total - amount, LaterTouched(grant));
    }

    /// <summary>The first grant that has expired by <paramref name="now"/>; null when none has.</summary>
    public Grant? FirstExpired(DateTimeOffset now) => NextExpiryAt <= now ? _grants[0] : null;

    /// <summary>The live grant with this id; null when nothing is left of it.</summary>
    public Grant? Find(long id) => _grants.FirstOrDefault(grant => grant.Id == id);

    public BurnDown Untouched() => new(_grants, Total, null);

    /// <summary>True when a grant at or behind a place in burn-down order was added or taken from since <see cref="Untouched"/>.</summary>
    public bool IsTouchedFrom(Grant place) => _lastTouched is not null && Compare(_lastTouched, place) >= 0;

    /// <summary>Negative when <paramref name="left"/> burns down before <paramref name="right"/>.</summary>
    public static int Compare(Grant left, Grant right) => BurnOrder.Instance.Compare(left, right);

    private Grant LaterTouched(Grant grant) => _lastTouched is null || Compare(_lastTouched, grant) < 0 ? grant : _lastTouched;

    private sealed class BurnOrder : IComparer<Grant>
    {
        public static readonly BurnOrder Instance = new();

        public int Compare(Grant? left, Grant? right)
        {
            var byExpiry = (left!.ExpiresAt ?? DateTimeOffset.MaxValue).CompareTo(right!.ExpiresAt ?? DateTimeOffset.MaxValue);
            if (byExpiry != 0)
            {
                return byExpiry;
            }

            var byKind = left.Kind.CompareTo(right.Kind);
            return byKind != 0 ? byKind : left.Id.CompareTo(right.Id);
        }
    }
}
