using System.Collections.Immutable;
using System.Numerics;
using System.Text.Json;
using Billing.Catalogs.Reading;
using Billing.Reading;

namespace Billing.Catalogs;

/// <summary>How a usage is priced: the exact product of all factors. Reading a catalog shows that no usage can cost more than <see cref="Credits.Limit"/>.</summary>
/// <param name="Factors">In the order of the breakdown; at least one.</param>
/// <param name="Quantity">The priced field that a customer would lower to afford a generation; null for none.</param>
internal sealed record Pricing(UsageForm Form, ImmutableArray<Factor> Factors, IntegerField? Quantity, string Version)
{
    public const int FactorPlaces = 6;

    private const long PerUnit = 1_000_000;

    /// <summary>The pricing of a workspace with a template of its own.</summary>
    public Pricing With(Template own) => this with { Form = Form.With(own) };

    /// <summary>Reads what can be priced. A template of one's own may be older than the prices, and lack what they read of it by now.</summary>
    public Outcome<Usage> Parse(ObjectReader request)
    {
        var read = Form.Parse(request);
        if (read.TryGet(out var usage, out _) && Form.TemplateOf(usage) is { Own: true } own && !CanPrice(usage, own))
        {
            Form.RejectTemplate(request, "is older than the prices, which cannot price it; it has to be set anew");
            return request.Refusal()!;
        }

        return read;
    }

    public Price Price(Usage usage)
    {
        var template = Form.TemplateOf(usage);
        ImmutableArray<PriceFactor> breakdown = [.. Factors.Select(factor => new PriceFactor(factor.Name, factor.ValueFor(usage, template)))];
        return new Price(Product(breakdown.Select(factor => factor.Value)), breakdown, usage.Units, VersionFor(template));
    }

    public string VersionOf(Usage usage) => VersionFor(Form.TemplateOf(usage));

    /// <summary>The largest quantity that costs at most <paramref name="available"/>; costs never fall as it rises.</summary>
    public ImmutableSortedDictionary<string, long> MaxAffordable(Usage usage, Credits available)
    {
        var found = ImmutableSortedDictionary<string, long>.Empty;
        if (Quantity is not { } quantity)
        {
            return found;
        }

        var template = Form.TemplateOf(usage);
        if (!Factors.All(factor => factor.CanValue(usage, template)))
        {
            return found;
        }

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

        return affordable < quantity.Min ? found : found.Add(quantity.Name, affordable);
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

    /// <summary>Prices of a template of one's own have a name of their own, whatever other templates the request brought along.</summary>
    private string VersionFor(Template? template) => template is { Own: true } own
        ? $"{Version}.{PriceVersions.Of(JsonSerializer.SerializeToElement(own.Attributes))[..6]}"
        : Version;

    private bool CanPrice(Usage usage, Template template) =>
        Factors.All(factor => factor.CanValue(usage, template)) && IsWithinLimit(Factors.Select(factor => factor.ValueFor(usage, template)));

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
