using System.Text.Json;
using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.ReportedElsewhere;

public sealed class TemplateTests
{
    // One customer's own price was kept with the shared plan, and others were charged by it.
    [Fact]
    public async Task A_template_of_ones_own_is_nobody_elses_even_under_the_same_name()
    {
        var world = await World.Shared;
        var (one, other) = (await world.CustomerAsync("bluma", "enterprise", 3_000), await world.CustomerAsync("bluma", "enterprise", 3_000));
        await one.AdminAsync(HttpMethod.Put, "templates/own-intro", new { attributes = new { @base = 7, complexity = "basic" } });
        await other.AdminAsync(HttpMethod.Put, "templates/own-intro", new { attributes = new { @base = 9, complexity = "basic" } });
        const string Intro = """{"template_id": "own-intro"}""";
        Assert.Equal((7, 9, 7), ((await one.AdmitAsync(Intro)).Number("cost"), (await other.AdmitAsync(Intro)).Number("cost"), (await one.AdmitAsync(Intro)).Number("cost")));
        (await (await world.CustomerAsync("bluma", "enterprise", 3_000)).TryAdmitAsync(Intro)).Names("template_id");
    }

    // In an order with both, the price of the customer's own item was used for the list's item, too.
    [Fact]
    public async Task In_a_batch_each_item_has_its_own_price()
    {
        var customer = await (await World.Shared).CustomerAsync("bluma", "enterprise", 3_000);
        await customer.AdminAsync(HttpMethod.Put, "templates/own-a", new { attributes = new { @base = 7, complexity = "basic" } });
        await customer.AdminAsync(HttpMethod.Put, "templates/own-b", new { attributes = new { @base = 0.5, complexity = "ai" } });
        string[] templates = ["own-b", "news-anchor", "own-a", "own-b", "product-showcase", "own-a"];
        var batch = (await customer.Service.PostAsync("generations/batch", JsonSerializer.Serialize(new { items = templates.Select(id => new { template_id = id, complexity = "basic" }) }))).Is(201);
        Assert.Equal([0.5m, 5, 7, 0.5m, 3, 7], batch.At("results").EnumerateArray().Select(result => result.GetProperty("cost").GetDecimal()));
        Assert.Equal(2_977, await customer.LeftAsync());
    }
}
