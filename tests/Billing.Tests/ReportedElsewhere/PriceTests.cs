using System.Collections.Immutable;
using System.Globalization;
using Billing.Catalogs;
using Billing.Generations;
using Billing.Subscriptions;
using Billing.Tests.Catalogs;
using Billing.Workspaces;
using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.ReportedElsewhere;

public sealed class PriceTests
{
    // One customer's own price changed the name of the price that others, and other items of the same order, were charged by.
    [Fact]
    public void A_price_is_called_the_same_whatever_it_is_ordered_with()
    {
        var (one, two) = (Own("acme-intro", 7), Own("acme-outro", 9));
        var (alone, together) = (Request.Bluma.With(one), Request.Bluma.With(two).With(one));
        Assert.Equal(VersionOf(alone, "acme-intro"), VersionOf(together, "acme-intro"));
        Assert.Equal(VersionOf(Request.Bluma, "news-anchor"), VersionOf(together, "news-anchor"));
        Assert.NotEqual(VersionOf(together, "acme-outro"), VersionOf(together, "acme-intro"));
        Assert.NotEqual(VersionOf(together, "news-anchor"), VersionOf(together, "acme-intro"));
    }

    // 302 × 0.2 was 60.400000000000006, which was then rounded up.
    [Theory]
    [InlineData("60.4", "302", "0.2")]
    [InlineData("1.21", "1.1", "1.1")]
    [InlineData("0.3", "0.1", "3")]
    [InlineData("19.9", "1.99", "10")]
    [InlineData("1.001", "1.000001", "1")]
    public void What_is_rounded_up_is_the_product_and_nothing_else(string cost, string one, string other) =>
        Assert.Equal(Amount(Number(cost)), Pricing.Product([Number(one), Number(other)]));

    // What the caller had attached under a name that the system used, too, was silently gone.
    [Fact]
    public void What_the_caller_attached_is_there_under_some_name()
    {
        var workspace = Of("bluma", plan: "starter");
        workspace.Admit(99);
        var attached = new Dictionary<string, string> { ["duration"] = "short", ["generation_id"] = "mine", ["overage_units"] = "none", ["caller_duration"] = "x", ["description"] = "y" };
        var wanted = workspace.Wanted("""{"template_id": "news-anchor"}""") with { Description = "Banner", Metadata = attached.ToImmutableSortedDictionary() };
        Accepted(workspace.TryAdmit(new Admit(workspace.NextKey(), [wanted])));
        Assert.All(workspace.Entries.TakeLast(2), entry =>
        {
            Assert.Equal((30m, "mine", "y"), (entry.ShownMetadata["duration"].Number, entry.ShownMetadata["caller_generation_id"].Text, entry.ShownMetadata["description"].Text));
            Assert.Equal(("x", "short", "Banner"), (entry.ShownMetadata["caller_duration"].Text, entry.ShownMetadata["caller_caller_duration"].Text, entry.ShownMetadata["caller_description"].Text));
        });
        var overage = workspace.LastEntry.ShownMetadata;
        Assert.Equal((1m, "none"), (overage["overage_units"].Number, overage["caller_overage_units"].Text));
    }

    // "You have 1 credits left."
    [Fact]
    public void One_is_not_many()
    {
        var catalog = Catalog.Parse(Request.File("gleam", file => file["plans"]![0]!["allowance"] = 1));
        var workspace = Of(catalog, At("2025-11-01T00:00:00Z"), new OpenWorkspace(Id, "gleam", "Studio", WorkspaceType.Personal));
        workspace.Complete(workspace.Admit(1));
        Assert.Equal("This month's 1 is used up; 0 are left of the 1 that this needs.", Declined(RefusalCodes.MonthlyLimit, workspace.TryAdmit(1)).Detail);
        var other = Of("bloom");
        other.Admit(9);
        Assert.Equal("This generation costs 2 credits; 1 is left.", Declined(RefusalCodes.InsufficientCredits, other.TryAdmit(2)).Detail);
    }

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    private static Template Own(string id, int price) => Request.Bluma.ReadTemplate(id, Request.Reader($$"""{"attributes": {"base": {{price}}, "complexity": "basic"} }"""))!;

    private static string VersionOf(Catalog catalog, string template) => catalog.Price(catalog.Parse($$"""{"template_id": "{{template}}"}""")).PriceVersion;
}
