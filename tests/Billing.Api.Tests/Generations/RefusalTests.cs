using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Generations;

/// <summary>Why a generation is refused; nothing is charged then.</summary>
public sealed class RefusalTests
{
    [Fact]
    public async Task The_error_body_is_the_contracts_to_the_byte()
    {
        await using var world = await World.StartAsync("2025-11-03T10:30:00Z");
        var customer = await world.CustomerAsync("bloom");
        await customer.AdmitAsync(Requests.Bloom("4K", 4));
        var refused = await customer.TryAdmitAsync(Requests.Bloom("4K", 3));
        refused.Refused(402, "INSUFFICIENT_CREDITS");
        Assert.Equal(
            $$$"""
            {"type":"about:blank","title":"Payment Required","status":402,"detail":"This generation costs 6 credits; 2 are left.",
            "code":"INSUFFICIENT_CREDITS",
            "data":{"action_url":"{{{PricingOf(customer)}}}#buy","required":6,"available":2,"shortfall":4,"max_affordable":{"variant_count":1}},
            "success":false,"error":{"message":"This generation costs 6 credits; 2 are left.","code":402,"timestamp":"2025-11-03T10:30:00.000Z"}}
            """.ReplaceLineEndings(""),
            refused.Body);
    }

    [Fact]
    public async Task Without_overage_what_credits_do_not_cover_is_refused()
    {
        var customer = await (await World.Shared).CustomerAsync("bluma", "free");
        var refused = await customer.TryAdmitAsync(Requests.Twelve);
        refused.Refused(402, "INSUFFICIENT_CREDITS").Shows(
            $$"""{ "action_url": "{{PricingOf(customer)}}#buy", "required": 12, "available": 10, "shortfall": 2 }""", "data");
        Assert.Equal((10, 1), (await customer.LeftAsync(), (await customer.HistoryAsync()).Number("total")));
    }

    [Fact]
    public async Task A_balance_of_zero_is_insufficient_until_credits_are_added()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        await customer.AdmitAsync(Requests.Bloom("2K", 10));
        (await customer.TryAdmitAsync(Requests.Small)).Refused(402, "INSUFFICIENT_CREDITS").Shows(
            """{ "action_url": "*", "required": 1, "available": 0, "shortfall": 1 }""", "data");
        await customer.TopUpAsync(20);
        await customer.AdmitAsync(Requests.Small);
    }

    [Theory]
    [InlineData("failed")]
    [InlineData("pending")]
    public async Task A_paused_subscription_spends_nothing_and_reads_on(string status)
    {
        var customer = await (await World.Shared).CustomerAsync("bluma", "starter");
        var running = await customer.AdmitAsync(Requests.Six);
        await customer.PayAsync(status);
        var refused = (await customer.TryAdmitAsync(Requests.Six)).Refused(402, "PAYMENT_REQUIRED");
        refused.Shows($$"""{ "action_url": "{{PricingOf(customer)}}#pay" }""", "data");
        (await customer.Service.PostAsync("generations/batch", $$"""{"items": [{{Requests.Six}}]}""")).Refused(402, "PAYMENT_REQUIRED");
        Assert.Equal("paused", (await customer.CreditsAsync()).Text("plan_status"));
        (await customer.Own.GetAsync("credits/balance")).Is(200);
        await customer.HistoryAsync();
        await customer.CompleteAsync(running);

        await customer.PayAsync("succeeded");
        Assert.Equal("active", (await customer.CreditsAsync()).Text("plan_status"));
        Assert.Equal(88, (await customer.AdmitAsync(Requests.Six)).Number("credits"));
    }

    [Theory]
    [InlineData("""{"file_size_bytes": 5242881}""", 413, "FILE_TOO_LARGE")]
    [InlineData("""{"file_size_bytes": 99999999999999999999}""", 413, "FILE_TOO_LARGE")]
    [InlineData("""{"width": 5001}""", 422, "DIMENSIONS_TOO_LARGE")]
    [InlineData("""{"height": 5001, "width": 10}""", 422, "DIMENSIONS_TOO_LARGE")]
    [InlineData("""{"format": "gif"}""", 422, "FORMAT_NOT_SUPPORTED")]
    [InlineData("""{"template": "poster"}""", 403, "TEMPLATE_NOT_IN_PLAN")]
    public async Task Gleams_limits_have_codes_of_their_own(string request, int status, string code)
    {
        var customer = await (await World.Shared).CustomerAsync("gleam");
        (await customer.TryAdmitAsync(request)).Refused(status, code);
        Assert.Equal(100, await customer.LeftAsync());
    }

    [Theory]
    [InlineData("""{"width": 5000, "height": 5000, "file_size_bytes": 5242880, "format": "base64"}""")]
    [InlineData("""{"template": "basic", "format": "png"}""")]
    [InlineData("""{"format": "PNG"}""")]
    [InlineData("""{"format": "jpg"}""")]
    [InlineData("""{"template": "basic-quote", "format": "jpeg"}""")]
    public async Task What_is_at_gleams_limits_is_let_in(string request)
    {
        var customer = await (await World.Shared).CustomerAsync("gleam");
        await customer.AdmitAsync(request);
    }

    [Theory]
    [InlineData("pro")]
    [InlineData("lifetime")]
    public async Task Every_template_is_in_gleams_paid_plans(string plan)
    {
        var customer = await (await World.Shared).CustomerAsync("gleam", plan);
        await customer.AdmitAsync("""{"template": "poster"}""");
    }

    [Fact]
    public async Task Gleams_month_is_a_rate_that_resets_with_the_renewal()
    {
        await using var world = await World.StartAsync("2025-11-10T00:00:00Z");
        var customer = await (await world.CustomerAsync("gleam")).LimitedAsync(1_000);
        for (var i = 0; i < 100; i++)
        {
            await customer.CompleteAsync(await customer.AdmitAsync(Requests.Image));
        }

        await world.MoveAsync("2025-12-09T23:59:00Z");
        var refused = (await customer.TryAdmitAsync(Requests.Image)).Refused(429, "MONTHLY_LIMIT");
        Assert.Equal(("60", 60), (refused.Header("Retry-After"), refused.Number("retryAfter")));
        refused.Shows(
            $$"""
            {
              "action_url": "{{PricingOf(customer)}}#buy", "required": 1, "available": 0, "shortfall": 1,
              "contact": { "support": "support@gleam.so", "sales": "support@gleam.so" }
            }
            """,
            "data");
        await world.MoveAsync("2025-12-09T23:59:59.999Z");
        (await customer.TryAdmitAsync(Requests.Image)).Refused(429, "MONTHLY_LIMIT");
        await world.MoveAsync("2025-12-10T00:00:00Z");
        Assert.Equal(99, (await customer.AdmitAsync(Requests.Image)).Number("credits"));
    }

    private static string PricingOf(Customer customer) =>
        $"{customer.World.Hosts[0].Address.GetLeftPart(UriPartial.Authority)}/pricing?product={customer.Product}";
}
