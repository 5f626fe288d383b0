using System.Collections.Immutable;

namespace Billing.Catalogs;

/// <summary>One factor of a price, with the value it took.</summary>
/// <param name="Factor">Its name in the catalog: <c>resolution</c>.</param>
public readonly record struct PriceFactor(string Factor, decimal Value);

/// <summary>What one generation costs.</summary>
/// <param name="Cost">The product of all factors, rounded up to a thousandth. Always above zero, never above <see cref="Credits.Limit"/>.</param>
/// <param name="Units">Things made: what <c>succeeded_units</c> counts.</param>
/// <param name="PriceVersion">The <see cref="Catalog.PriceVersion"/> that priced it.</param>
public sealed record Price(Credits Cost, ImmutableArray<PriceFactor> Breakdown, long Units, string PriceVersion);
