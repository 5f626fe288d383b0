using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Generations;

/// <summary>What the documents say a generation costs is what it is charged.</summary>
public sealed class PriceTests
{
    public static TheoryData<string, int, int> BloomPrices()
    {
        var prices = new TheoryData<string, int, int>();
        foreach (var variants in new[] { 1, 2, 3, 5, 20 })
        {
            prices.Add("2K", variants, variants);
            prices.Add("4K", variants, 2 * variants);
        }

        return prices;
    }

    [Theory]
    [MemberData(nameof(BloomPrices))]
    public async Task Bloom_costs_by_size_times_variants(string size, int variants, int cost)
    {
        var customer = await (await World.Shared).CustomerAsync("bloom", "pro");
        var admitted = await customer.AdmitAsync(Requests.Bloom(size, variants));
        Assert.Equal((cost, cost, 110 - cost), (admitted.Number("cost"), admitted.Number("charged.credits"), admitted.Number("credits")));
        admitted.Shows($$"""[{ "factor": "size", "value": {{cost / variants}} }, { "factor": "variant_count", "value": {{variants}} }]""", "breakdown");
        Assert.Equal(110 - cost, await customer.LeftAsync());
    }

    [Theory]
    [InlineData(Requests.Six, 6, "2 1 1.5 2")]
    [InlineData(Requests.TwentySeven, 27, "3 2 3 1.5")]
    [InlineData(Requests.FortyFive, 45, "5 3 1.5 2")]
    [InlineData("""{"template_id": "product-showcase"}""", 4.5, "3 1 1 1.5")]
    [InlineData("""{"template_id": "product-showcase", "complexity": "ai"}""", 6, "3 1 1 2")]
    [InlineData("""{"template_id": "product-showcase", "resolution": "1080p"}""", 6.75, "3 1 1.5 1.5")]
    [InlineData("""{"template_id": "product-showcase", "complexity": "basic"}""", 3, "3 1 1 1")]
    [InlineData("""{"template_id": "news-anchor", "duration": 30}""", 10, "5 1 1 2")]
    [InlineData("""{"template_id": "news-anchor", "duration": 31}""", 20, "5 2 1 2")]
    [InlineData("""{"template_id": "news-anchor", "duration": 60}""", 20, "5 2 1 2")]
    [InlineData("""{"template_id": "news-anchor", "duration": 61}""", 30, "5 3 1 2")]
    [InlineData("""{"template_id": "consumerclub-discord-zoomed", "duration": 1}""", 4, "2 1 1 2")]
    public async Task Bluma_costs_base_times_duration_times_resolution_times_complexity(string request, double cost, string factors)
    {
        var customer = await (await World.Shared).CustomerAsync("bluma", "starter");
        var admitted = await customer.AdmitAsync(request);
        Assert.Equal(((decimal)cost, 100 - (decimal)cost), (admitted.Number("cost"), admitted.Number("credits")));
        Assert.Equal(["base", "duration", "resolution", "complexity"], admitted.At("breakdown").EnumerateArray().Select(one => one.GetProperty("factor").GetString()!));
        Assert.Equal(factors, string.Join(' ', admitted.At("breakdown").EnumerateArray().Select(one => one.GetProperty("value").GetRawText())));
    }

    [Fact]
    public async Task Gleam_costs_one_an_image_whatever_it_is()
    {
        var customer = await (await World.Shared).CustomerAsync("gleam", "pro");
        await customer.AdmitAsync(Requests.Image);
        var admitted = await customer.AdmitAsync("""{"template": "poster", "format": "jpeg", "width": 5000, "height": 5000, "file_size_bytes": 5000000}""");
        Assert.Equal((1, 998), (admitted.Number("cost"), admitted.Number("credits")));
        admitted.Shows("""[{ "factor": "image", "value": 1 }]""", "breakdown");
    }
}
