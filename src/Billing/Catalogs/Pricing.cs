using System.Collections.Immutable;
using System.Numerics;

namespace Billing.Catalogs;

/// <summary>How a usage is priced: the exact product of all factors. Reading a catalog shows that no usage can cost more than <see cref="Credits.Limit"/>.</summary>
/// <param name="Form">The fields.</param>
/// <param name="Factors">In the order of the breakdown; at least one.</param>
/// <param name="Quantity">The priced field that a customer would lower to afford a generation; null for none.</param>
/// <param name="Version">See <see cref="Catalog.PriceVersion"/>.</param>
internal sealed record Pricing(UsageForm Form, ImmutableArray<Factor> Factors, IntegerField? Quantity, string Version)
{
    /// <summary>Most decimal places of a factor.</summary>
    public const int FactorPlaces = 6;

    private const long PerUnit = 1_000_000;

    public Price Price(Usage usage)
    {
        var template = Form.TemplateOf(usage);
        ImmutableArray<PriceFactor> breakdown = [.. Factors.Select(factor => new PriceFactor(factor.Name, factor.ValueFor(usage, template)))];
        return new Price(Product(breakdown.Select(factor => factor.Value)), breakdown, usage.Units, Version);
    }

    /// <summary>The largest quantity that costs at most <paramref name="available"/>; costs never fall as it rises.</summary>
    public ImmutableSortedDictionary<string, long> MaxAffordable(Usage usage, Credits available)
    {
        var found = ImmutableSortedDictionary<string, long>.Empty;
        if (Quantity is not { } quantity)
        {
            return found;
        }

        var template = Form.TemplateOf(usage);
        var (affordable, tooMany) = (quantity.Min - 1, quantity.Max + 1);
        while (tooMany - affordable > 1)
        {
            var middle = affordable + (tooMany - affordable) / 2;
            var asked = usage with { Values = usage.Values.SetItem(quantity.Name, Scalar.Of((decimal)middle)) };
            if (Product(Factors.Select(factor => factor.ValueFor(asked, template))) <= available)
            {
                affordable = middle;
            }
            else
            {
                tooMany = middle;
            }
        }

        return found.Add(quantity.Name, affordable < quantity.Min ? 0 : affordable);
    }

    /// <summary>The product of factors of at most <see cref="FactorPlaces"/> places, rounded up to a thousandth.</summary>
    public static Credits Product(IEnumerable<decimal> factors)
    {
        var (numerator, denominator) = ExactThousandths(factors);
        return new Credits((long)((numerator + denominator - 1) / denominator));
    }

    /// <summary>Whether a generation with these factors stays within <see cref="Credits.Limit"/>.</summary>
    public static bool IsWithinLimit(IEnumerable<decimal> factors)
    {
        var (numerator, denominator) = ExactThousandths(factors);
        return numerator <= denominator * Credits.Limit.Thousandths;
    }

    private static (BigInteger Numerator, BigInteger Denominator) ExactThousandths(IEnumerable<decimal> factors)
    {
        var (numerator, denominator) = (new BigInteger(1000), BigInteger.One);
        foreach (var factor in factors)
        {
            numerator *= new BigInteger(factor * PerUnit);
            denominator *= PerUnit;
        }

        return (numerator, denominator);
    }
}
