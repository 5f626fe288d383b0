namespace Billing.Client.Tests.Agreement;

public abstract partial class AgreementTests
{
    [Theory]
    [InlineData("2K", 1, 1)]
    [InlineData("4K", 1, 2)]
    [InlineData("4K", 3, 6)]
    [InlineData("2K", 20, 20)]
    public async Task Bloom_costs_size_times_variants(string size, int variants, int cost)
    {
        var quote = await Client.QuoteAsync(await stage.BuyerAsync("bloom"), Stage.Images(variants, size));
        Assert.Equal((cost, variants, cost <= 10), (quote.Cost, quote.Units, quote.Affordable));
    }

    [Theory]
    [InlineData("consumerclub-discord-zoomed", "720p", 30, "basic", 2)]
    [InlineData("consumerclub-discord-zoomed", "720p", 30, "ai", 4)]
    [InlineData("product-showcase", "4K", 60, "advanced", 27)]
    [InlineData("product-showcase", "1080p", 31, "basic", 9)]
    [InlineData("news-anchor", "1080p", 30, "ai", 15)]
    public async Task Bluma_costs_base_times_duration_times_resolution_times_complexity(string template, string resolution, int duration, string complexity, int cost)
    {
        var request = Stage.Of("template_id", template, "resolution", resolution, "duration", duration, "complexity", complexity);
        Assert.Equal(cost, (await Client.QuoteAsync(await stage.BuyerAsync("bluma"), request)).Cost);
    }

    [Theory]
    [InlineData("png")]
    [InlineData("JPG")]
    public async Task Gleam_costs_one_an_image(string format) =>
        Assert.Equal(1, (await Client.QuoteAsync(await stage.BuyerAsync("gleam"), Stage.Of("template", "basic", "format", format, "width", 5000))).Cost);

    [Fact]
    public async Task A_price_says_how_it_came_about()
    {
        var generation = await AdmitAsync(await stage.BuyerAsync("bloom"), Stage.Images(3));
        Assert.Equal([new("size", 2), new("variant_count", 3)], generation.Breakdown!);
    }

    [Fact]
    public async Task A_quote_keeps_its_price_and_is_admitted_with_nothing_else()
    {
        var buyer = await stage.BuyerAsync("bloom");
        var quote = await Client.QuoteAsync(buyer, Stage.Images(5));
        Assert.Equal(stage.Now.AddMinutes(15), quote.ExpiresAt);
        Assert.Equal(10, (await AdmitAsync(buyer, new GenerationRequest { Quote = quote.Token })).Cost);
    }

    [Fact]
    public async Task A_quote_holds_for_15_minutes()
    {
        var buyer = await stage.BuyerAsync("bloom");
        var quote = await Client.QuoteAsync(buyer, Stage.Images(5));
        await stage.AdvanceAsync(TimeSpan.FromMinutes(15));
        var problem = await RefusedAsync(buyer, new GenerationRequest { Quote = quote.Token });
        Assert.Equal(ProblemCodes.InvalidRequest, problem.Code);
        Assert.Contains("quote", problem.Errors!);
    }

    [Fact]
    public async Task A_quote_is_of_its_customer_alone()
    {
        var quote = await Client.QuoteAsync(await stage.BuyerAsync("bloom"), Stage.Images(1));
        Assert.Equal(ProblemCodes.InvalidRequest, (await RefusedAsync(await stage.BuyerAsync("bloom"), new GenerationRequest { Quote = quote.Token })).Code);
    }

    [Fact]
    public async Task A_check_says_what_admitting_would_and_takes_nothing()
    {
        var buyer = await stage.BuyerAsync("bloom");
        var check = await Client.CheckAsync(buyer, Stage.Images(6));
        Assert.Equal((false, ProblemCodes.InsufficientCredits, 12, 10, 2), (check.Allowed, check.Code, check.Cost, check.Credits, check.Shortfall));
        Assert.Equal(5, check.MaxAffordable!["variant_count"]);
        Assert.True((await Client.CheckAsync(buyer, Stage.Images(5))).Allowed);
        Assert.Equal(10, await CreditsAsync(buyer));
    }
}
