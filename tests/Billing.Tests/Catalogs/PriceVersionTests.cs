using System.Text.Json.Nodes;
using Billing.Catalogs;

namespace Billing.Tests.Catalogs;

public sealed class PriceVersionTests
{
    [Fact]
    public void A_version_is_twelve_hex_digits() => Assert.All(CatalogSet.Shipped.All, catalog => Assert.Matches("^[0-9a-f]{12}$", catalog.PriceVersion));

    [Fact]
    public void Layout_does_not_change_it()
    {
        var version = Catalog.Parse(Request.File("bluma", file =>
        {
            var factors = file["pricing"]!["factors"]!.DeepClone();
            file["pricing"]!.AsObject().Remove("factors");
            file["pricing"]!.AsObject().Insert(0, "factors", factors);
            file["pricing"]!["units"] = null;
            file["templates"]![0]!["attributes"]!["base"] = 2.00m;
        })).PriceVersion;
        Assert.Equal(Request.Bluma.PriceVersion, version);
    }

    [Fact]
    public void What_has_no_part_in_prices_does_not_change_it() =>
        Assert.Equal(Request.Bluma.PriceVersion, Catalog.Parse(Request.File("bluma", file => file["plans"]![1]!["price"]!["amount_minor"] = 3900)).PriceVersion);

    [Fact]
    public void A_price_does_change_it()
    {
        Assert.NotEqual(Request.Bluma.PriceVersion, With(file => file["templates"]![0]!["attributes"]!["base"] = 2.01m));
        Assert.NotEqual(Request.Bluma.PriceVersion, With(file => file["pricing"]!["factors"]![1]!["size"] = 31));
        Assert.NotEqual(Request.Bluma.PriceVersion, With(file => file["pricing"]!["fields"]![2]!["default"] = 60));
    }

    private static string With(Action<JsonNode> change) => Catalog.Parse(Request.File("bluma", change)).PriceVersion;
}
