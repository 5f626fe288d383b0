using System.Numerics;
using System.Text.Json.Nodes;
using Billing.Catalogs;
using Billing.Testing;

namespace Billing.Tests.Catalogs;

/// <summary>What holds for every price, over all of a shipped catalog's requests and over seeded random catalogs.</summary>
public sealed class PriceProperties
{
    private static readonly string[] Resolutions = ["720p", "1080p", "4K"];
    private static readonly string[] Complexities = ["basic", "advanced", "ai"];
    private static readonly string[] Styles = ["plain", "plush", "grand"];

    [Fact]
    public void Every_bluma_price_is_the_exact_product()
    {
        foreach (var (template, basis) in new[] { ("consumerclub-discord-zoomed", 2), ("product-showcase", 3), ("news-anchor", 5) })
        {
            foreach (var (resolution, resolutionHalves) in Resolutions.Zip([2, 3, 6]))
            {
                foreach (var (complexity, level) in Complexities.Zip([0, 1, 2]))
                {
                    for (var duration = 1; duration <= 3600; duration += 29)
                    {
                        var halves = level + 2;
                        var thousandths = 250L * basis * ((duration + 29) / 30) * resolutionHalves * halves;
                        var usage = Request.Bluma.Parse(
                            $$"""{"template_id": "{{template}}", "resolution": "{{resolution}}", "complexity": "{{complexity}}", "duration": {{duration}}}""");
                        Assert.Equal(new Credits(thousandths), Request.Bluma.Price(usage).Cost);
                    }
                }
            }
        }
    }

    [Fact]
    public void Random_catalogs_have_every_kind_of_factor() => Assert.Equal(
        Factor.Kinds.Select(one => one.Kind).Order(), RandomCatalog(new Random(0)).View().Pricing.Factors.Select(factor => factor.Kind).Distinct().Order());

    [Fact]
    public void Any_price_is_its_exact_product_rounded_up_to_a_thousandth() => ForRandomCatalogs((catalog, usage, _) =>
    {
        var price = catalog.Price(usage);
        var exact = price.Breakdown.Aggregate(new BigInteger(1000), (product, factor) => product * new BigInteger(factor.Value * 1_000_000));
        var one = BigInteger.Pow(1_000_000, price.Breakdown.Length);
        Assert.True(price.Cost.Thousandths * one >= exact);
        Assert.True((price.Cost.Thousandths - 1) * one < exact);
        Assert.InRange(price.Cost.Thousandths, 1, Credits.Limit.Thousandths);
    });

    [Fact]
    public void A_price_never_falls_when_a_quantity_rises() => ForRandomCatalogs((catalog, usage, random) =>
    {
        foreach (var name in new[] { "count", "length" })
        {
            var value = (long)usage.Values[name].Number!.Value;
            var more = usage with { Values = usage.Values.SetItem(name, Scalar.Of(random.NextInt64(value, 1001))) };
            Assert.True(catalog.Price(more).Cost >= catalog.Price(usage).Cost);
        }
    });

    [Fact]
    public void What_is_affordable_is_affordable_and_one_more_is_not() => ForRandomCatalogs((catalog, usage, random) =>
    {
        var dearest = catalog.Price(With(usage, 1000)).Cost.Thousandths;
        var available = new Credits(random.NextInt64(0, dearest + dearest / 10 + 2));
        var most = catalog.MaxAffordable(usage, available).GetValueOrDefault("length");
        Assert.InRange(most, 0, 1000);
        Assert.True(most == 0 || catalog.Price(With(usage, most)).Cost <= available);
        Assert.True(most == 1000 || catalog.Price(With(usage, most + 1)).Cost > available);
        Assert.Empty(catalog.MaxAffordable(usage, -available));
    });

    private static Usage With(Usage usage, long length) => usage with { Values = usage.Values.SetItem("length", Scalar.Of(length)) };

    private static void ForRandomCatalogs(Action<Catalog, Usage, Random> check)
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var catalog = RandomCatalog(random);
            for (var i = 0; i < 10; i++)
            {
                check(catalog, RandomUsage(catalog, random), random);
            }
        }
    }

    private static Catalog RandomCatalog(Random random) => Catalog.Parse(Request.File("bloom", file =>
    {
        file["pricing"] = JsonNode.Parse(OddPricing.Pricing(random));
        file["templates"] = JsonNode.Parse(OddPricing.Templates(random));
    }));

    private static Usage RandomUsage(Catalog catalog, Random random) => catalog.Parse(
        $$"""{"style": "{{Styles[random.Next(3)]}}", "size": "{{"SML"[random.Next(3)]}}", "count": {{random.Next(1, 1001)}}, "length": {{random.Next(1, 1001)}}}""");
}
