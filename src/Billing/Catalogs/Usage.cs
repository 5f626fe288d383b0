using System.Collections.Immutable;

namespace Billing.Catalogs;

/// <summary>The validated parameters of one generation. Equal when all values are.</summary>
/// <param name="Values">Field name → text or whole number: what was asked for, raised to its floor, or else the default. A field left out that has no default is absent; one with a floor is then priced as the template's own.</param>
/// <param name="Units">Things to be made: bloom's variants, else 1.</param>
public sealed record Usage(ImmutableSortedDictionary<string, Scalar> Values, long Units)
{
    public bool Equals(Usage? other) => other is not null && Units == other.Units && Values.SequenceEqual(other.Values);

    public override int GetHashCode() =>
        Values.Aggregate(Units.GetHashCode(), (hash, pair) => HashCode.Combine(hash, pair.Key, pair.Value));
}
