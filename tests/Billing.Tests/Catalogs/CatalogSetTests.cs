using Billing.Catalogs;

namespace Billing.Tests.Catalogs;

public sealed class CatalogSetTests
{
    [Fact]
    public void Three_products_are_shipped()
    {
        Assert.Equal(["bloom", "bluma", "gleam"], CatalogSet.Shipped.All.Select(catalog => catalog.Product));
        Assert.Equal(["Image", "Video", "Image"], CatalogSet.Shipped.All.Select(catalog => catalog.Noun));
        Assert.All(CatalogSet.Shipped.All, catalog =>
        {
            Assert.Equal(TimeSpan.FromHours(1), catalog.GenerationTimeToLive);
            Assert.Equal(20, catalog.LowCreditsPercent);
            Assert.Equal(($"/pricing?product={catalog.Product}#buy", $"/pricing?product={catalog.Product}#pay"), (catalog.BuyUrl, catalog.PayUrl));
            Assert.NotNull(catalog.Contact?.Support);
        });
        Assert.Equal(
            [new TopUpOffer(Credits.Of(20), Credits.Of(200)), new TopUpOffer(Credits.Of(10), Credits.Of(1000)), null],
            CatalogSet.Shipped.All.Select(catalog => catalog.TopUps));
    }

    [Fact]
    public void A_product_is_found_by_its_id()
    {
        Assert.True(CatalogSet.Shipped.TryGet("bluma", out var catalog));
        Assert.Same(catalog, CatalogSet.Shipped["bluma"]);
        Assert.False(CatalogSet.Shipped.TryGet("Bluma", out _));
        Assert.Throws<KeyNotFoundException>(() => CatalogSet.Shipped["other"]);
        Assert.False(catalog!.TryGetPlan("Pro", out _));
    }

    [Fact]
    public void The_mistakes_of_all_files_are_told_with_their_names()
    {
        var exception = Assert.Throws<CatalogException>(() => CatalogSet.Load(
        [
            ("a.json", Request.File("bloom")),
            ("b.json", Request.File("bloom", file => file["noun"] = 1)),
            ("c.json", Request.File("bloom")),
        ]));
        Assert.Equal<string>(["b.json: noun: must be one line of 1 to 40 characters, not blank and none of them invisible", "c.json: product: another file has 'bloom', too"], exception.Errors);
        Assert.Equal(string.Join(Environment.NewLine, exception.Errors), exception.Message);
    }

    [Fact]
    public void No_file_is_a_mistake() => Assert.Equal<string>(["there is no catalog file"], Assert.Throws<CatalogException>(() => CatalogSet.Load([])).Errors);

    [Theory]
    [InlineData(19, false)]
    [InlineData(20, true)]
    [InlineData(200, true)]
    [InlineData(201, false)]
    public void A_top_up_has_20_to_200_credits(int credits, bool accepted)
    {
        var refusal = Request.Bloom.CheckTopUp(Credits.Of(credits));
        Assert.Equal(accepted, refusal is null);
        Assert.Equal(accepted ? null : "credits: must be from 20 to 200", refusal?.Detail);
    }

    [Fact]
    public void Who_is_on_a_plan_that_left_the_files_keeps_it_as_it_was_sold_last()
    {
        var legacy = Catalog.Parse(Request.File("bluma", file =>
        {
            file["plans"]![1]!["id"] = "legacy";
            file["plans"]![2]!["allowance"] = 7;
        }));
        var sold = CatalogSet.Shipped.Own();
        string[] sources = [legacy.PlanSources["legacy"], legacy.PlanSources["pro"], "{}"];
        sold.Keep(sources.ToLookup(_ => "bluma"), []);

        var catalog = sold["bluma"];
        Assert.True(catalog.TryGetPlan("legacy", out var plan));
        Assert.Equal(("Starter", Credits.Of(100)), (plan.Name, plan.Allowance.Min));
        Assert.Equal("Starter", catalog.NameOf("legacy"));
        Assert.False(catalog.TryGetSold("legacy", out _));
        Assert.Equal(["free", "starter", "pro", "enterprise"], catalog.Plans.Select(one => one.Id));
        Assert.Equal("legacy", Assert.Single(catalog.Former).Id);
        Assert.Equal(Credits.Of(500), catalog.Plan("pro").Allowance.Min);
        Assert.Same(CatalogSet.Shipped["bloom"], sold["bloom"]);
        Assert.False(CatalogSet.Shipped["bluma"].TryGetPlan("legacy", out _));
    }

    [Fact]
    public void A_product_that_left_the_files_serves_those_who_have_it_and_is_sold_no_longer()
    {
        var sold = CatalogSet.Shipped.Own();
        var former = Catalog.Parse(Request.File("bloom", file => file["product"] = "glow"));
        sold.Keep(Array.Empty<string>().ToLookup(_ => ""), [former, Catalog.Parse(Request.File("bluma", file => file["name"] = "Former"))]);

        Assert.Equal(["bloom", "bluma", "gleam"], sold.All.Select(catalog => catalog.Product));
        Assert.True(sold.TryGet("glow", out var closed));
        Assert.Empty(closed.Plans);
        Assert.True(closed.TryGetPlan("plus", out _));
        Assert.False(closed.TryGetSold("plus", out _));
        Assert.Equal("Bluma", sold["bluma"].Name);
    }
}
