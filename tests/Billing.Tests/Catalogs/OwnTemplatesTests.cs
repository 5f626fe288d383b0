using System.Text.Json.Nodes;
using Billing.Catalogs;

namespace Billing.Tests.Catalogs;

public sealed class OwnTemplatesTests
{
    private static readonly Template Own = Request.Bluma.ReadTemplate("acme", Request.Reader("""{"attributes": {"base": 7, "complexity": "basic"}, "tier": "gold"}"""))!;

    private static readonly Catalog Sold = Request.Bluma.With(Own);

    [Fact]
    public void It_is_priced_as_the_files_own_are_under_a_version_of_its_own()
    {
        var (own, other) = (Sold.Parse("""{"template_id": "acme"}"""), Sold.Parse("""{"template_id": "news-anchor"}"""));
        Assert.Equal(Credits.Of(7), Sold.Price(own).Cost);
        Assert.Matches($"^{Request.Bluma.PriceVersion}[.][0-9a-f]{{6}}$", Sold.Price(own).PriceVersion);
        Assert.Equal(Request.Bluma.PriceVersion, Sold.Price(other).PriceVersion);
        Assert.True(Sold.HasPrices(Sold.Price(own).PriceVersion, own));
        Assert.False(Sold.HasPrices(Request.Bluma.PriceVersion, own));
        Assert.True(Sold.HasPrices(Request.Bluma.PriceVersion, other));
        Assert.False(Sold.HasPrices("older", other));
    }

    [Fact]
    public void It_is_told_from_those_of_the_file()
    {
        Assert.Same(Own, Sold.OwnTemplateOf(Sold.Parse("""{"template_id": "acme"}""")));
        Assert.Null(Sold.OwnTemplateOf(Sold.Parse("""{"template_id": "news-anchor"}""")));
        Assert.Null(Request.Bloom.OwnTemplateOf(Request.Bloom.Parse("""{"size": "2K"}""")));
        Assert.True(Request.Bluma.HasTemplate("news-anchor"));
        Assert.False(Request.Bluma.HasTemplate("acme"));
        Assert.True(Request.Gleam.HasTemplate("acme"));
        Assert.False(Request.Bloom.HasTemplate("acme"));
    }

    [Theory]
    [InlineData("""{"template_id": "acme"}""", "acme")]
    [InlineData("""{"templateId": "acme"}""", "acme")]
    [InlineData("""{"template_id": "news-anchor"}""", null)]
    [InlineData("""{"template_id": "news-anchor", "templateId": "acme"}""", "acme")]
    [InlineData("""{"templateId": "other", "template_id": "acme"}""", "acme")]
    [InlineData("""{"template_id": 7}""", null)]
    [InlineData("""{"template_id": null}""", null)]
    [InlineData("""{"resolution": "4K"}""", null)]
    public void What_a_request_names_and_the_file_lacks_is_to_be_looked_for_in_the_workspace(string request, string? missing)
    {
        var catalog = Catalog.Parse(Request.File("bluma", file => file["pricing"]!["fields"]![0]!["aliases"] = new JsonArray("templateId")));
        Assert.Equal(missing, catalog.MissingTemplate(Request.Reader(request)));
        Assert.Null(Request.Bloom.MissingTemplate(Request.Reader(request)));
        Assert.Null(Request.Gleam.MissingTemplate(Request.Reader(request)));
    }

    [Fact]
    public void So_is_what_was_quoted()
    {
        var own = Sold.Parse("""{"template_id": "acme"}""");
        Assert.Equal("acme", Request.Bluma.MissingTemplate(own));
        Assert.Null(Sold.MissingTemplate(own));
        Assert.Null(Request.Bluma.MissingTemplate(Request.Bluma.Parse("""{"template_id": "news-anchor"}""")));
        Assert.Null(Request.Bloom.MissingTemplate(own));
    }

    [Theory]
    [InlineData("acme-intro_2", true)]
    [InlineData("basic-*", false)]
    [InlineData("", false)]
    [InlineData("with space", false)]
    public void Its_id_is_a_word_and_no_pattern(string id, bool possible) => Assert.Equal(possible, OwnTemplate.IsId(id));

    [Fact]
    public void What_is_stored_of_it_is_all_of_it()
    {
        var stored = new OwnTemplate { Id = Own.Id, Tier = null, Attributes = Own.Attributes, UpdatedAt = DateTimeOffset.UnixEpoch };
        Assert.Equal(Own with { Tier = "custom" }, stored.ToTemplate());
        Assert.Equal(Own, (stored with { Tier = "gold" }).ToTemplate());
    }

    [Theory]
    [InlineData("least", "\"base\": 7, \"complexity\": \"basic\"", null)]
    [InlineData("least", "\"base\": 7, \"complexity\": \"basic\", \"least\": \"ai\"", null)]
    [InlineData("least", "\"base\": 7, \"complexity\": \"basic\", \"least\": \"most\"", "attributes.least: must be one of basic, advanced, ai")]
    [InlineData("complexity", "\"base\": 7", "attributes.complexity: is required")]
    [InlineData("complexity", "\"base\": 0, \"complexity\": \"basic\"", "attributes.base: must be a number above 0, at most 1000000, with at most 6 decimal places")]
    [InlineData("complexity", "\"base\": 7, \"complexity\": \"basic\", \"colour\": 1", "attributes.colour: neither a factor nor a field reads it")]
    public void It_has_what_prices_read_of_it_and_nothing_else(string floor, string attributes, string? mistake)
    {
        var catalog = Catalog.Parse(Request.File("bluma", file => file["pricing"]!["fields"]![3]!["floor"] = floor));
        var body = Request.Reader($$"""{"attributes": { {{attributes}} } }""");
        Assert.Equal(mistake is null, catalog.ReadTemplate("acme", body) is not null);
        Assert.Equal(mistake, body.Refusal()?.Detail);
    }

    [Fact]
    public void It_may_not_make_anything_cost_more_than_a_price_can_be()
    {
        var catalog = Catalog.Parse(Request.File("bluma", file => file["pricing"]!["fields"]![2]!["max"] = 30_000_000));
        var (least, body) = (Request.Reader("""{"attributes": {"base": 166, "complexity": "ai"}}"""), Request.Reader("""{"attributes": {"base": 167, "complexity": "ai"}}"""));
        Assert.NotNull(catalog.ReadTemplate("acme", least));
        Assert.Null(catalog.ReadTemplate("acme", body));
        Assert.Equal("attributes: at its dearest a generation would cost more than 1000000000 credits", body.Refusal()!.Detail);
    }
}
