using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Generations;

/// <summary><c>POST /generations/batch</c>.</summary>
public sealed class BatchTests
{
    [Fact]
    public async Task A_batch_is_one_charge_with_a_result_for_each_item()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom", "plus");
        var batch = (await BatchAsync(customer, "all_or_nothing", Requests.Bloom("4K", 3), Requests.Small)).Is(201);
        batch.Shows($$"""
            {
              "id": "batch_*", "mode": "all_or_nothing", "charged": { "credits": 7, "overage_units": 0, "overage": null }, "credits": 53,
              "workspace_id": "{{customer.WorkspaceId}}", "test_mode": false, "entitlements": "*",
              "results": [
                {
                  "index": 0, "status": "running", "id": "gen_*", "cost": 6, "charged": { "credits": 6, "overage_units": 0, "overage": null },
                  "expires_at": "2025-11-01T01:00:00Z", "breakdown": [{ "factor": "size", "value": 2 }, { "factor": "variant_count", "value": 3 }]
                },
                {
                  "index": 1, "status": "running", "id": "gen_*", "cost": 1, "charged": { "credits": 1, "overage_units": 0, "overage": null },
                  "expires_at": "2025-11-01T01:00:00Z", "breakdown": [{ "factor": "size", "value": 1 }, { "factor": "variant_count", "value": 1 }]
                }
              ]
            }
            """);
        var history = await customer.HistoryAsync("type=deduction");
        Assert.Equal((1, -7, $"Image generation: {batch.Text("id")}"), (history.Number("total"), history.Number("transactions.0.amount"), history.Text("transactions.0.description")));

        // Each is settled by itself.
        var (first, second) = (batch.Text("results.0.id"), batch.Text("results.1.id"));
        (await customer.Service.PostAsync($"generations/{first}/complete", """{"succeeded_units": 3}""")).Is(200);
        (await customer.Service.PostAsync($"generations/{second}/fail", """{"reason": "server_error"}""")).Is(200);
        await customer.SeesCreditsAsync(54);
        Assert.Equal(("completed", "failed"), ((await customer.Session.GetAsync($"generations/{first}")).Text("status"), (await customer.Session.GetAsync($"generations/{second}")).Text("status")));
    }

    [Fact]
    public async Task All_or_nothing_refuses_all_when_one_is_too_much()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        var refused = (await BatchAsync(customer, "all_or_nothing", Requests.Bloom("4K", 4), Requests.Bloom("4K", 4))).Refused(402, "INSUFFICIENT_CREDITS");
        Assert.Equal((16, 10, 6, 1), (refused.Number("data.required"), refused.Number("data.available"), refused.Number("data.shortfall"), refused.Number("data.index")));
        Assert.Equal("items[1]: This batch costs 16 credits; 10 are left.", refused.Text("detail"));
        Assert.Equal((10, 1), (await customer.LeftAsync(), (await customer.HistoryAsync()).Number("total")));
    }

    [Fact]
    public async Task Best_effort_admits_what_fits()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        var batch = (await BatchAsync(customer, "best_effort", Requests.Bloom("4K", 4), Requests.Bloom("4K", 4), Requests.Bloom("4K", 1))).Is(201);
        batch.Shows("""{ "credits": 10, "overage_units": 0, "overage": null }""", "charged");
        batch.Shows(
            """
            {
              "index": 1, "status": "refused", "code": "INSUFFICIENT_CREDITS", "detail": "This generation costs 8 credits; 2 are left.",
              "data": { "action_url": "http*", "required": 8, "available": 2, "shortfall": 6, "max_affordable": { "variant_count": 1 } }
            }
            """,
            "results.1");
        Assert.Equal(("running", "running", 0), (batch.Text("results.0.status"), batch.Text("results.2.status"), batch.Number("credits")));
        Assert.Equal(0, await customer.LeftAsync());
    }

    [Fact]
    public async Task Best_effort_that_admits_nothing_charges_nothing()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        var batch = (await BatchAsync(customer, "best_effort", Requests.Bloom("4K", 20), Requests.Bloom("4K", 6))).Is(200);
        Assert.Equal(("refused", "refused", 10), (batch.Text("results.0.status"), batch.Text("results.1.status"), batch.Number("credits")));
        Assert.Equal(1, (await customer.HistoryAsync()).Number("total"));
    }

    [Fact]
    public async Task Overage_and_credits_go_together_in_a_batch()
    {
        var customer = await (await World.Shared).CustomerAsync("bluma", "starter");
        var batch = (await BatchAsync(customer, "all_or_nothing", Requests.Ninety, Requests.FortyFive, Requests.Six, Requests.FortyFive)).Is(201);
        batch.Shows("""{ "credits": 100, "overage_units": 3, "overage": { "amount_minor": 150, "currency": "USD" } }""", "charged");
        Assert.Equal(["deduction", "overage"], (await customer.HistoryAsync()).At("transactions").EnumerateArray().Take(2).Select(entry => entry.GetProperty("type").GetString()!).Order(StringComparer.Ordinal));
        Assert.Equal((0, 3), (await customer.CreditsAsync()) is var left ? (left.Number("credits"), left.Number("overage_used")) : default);
    }

    [Fact]
    public async Task A_batch_takes_slots_like_any_other()
    {
        var customer = await (await World.Shared).CustomerAsync("gleam", "pro");
        (await BatchAsync(customer, "all_or_nothing", [.. Enumerable.Repeat(Requests.Image, 6)])).Refused(429, "CONCURRENCY_LIMIT").Shows("""{ "index": 5, "contact": "*" }""", "data");
        var batch = (await BatchAsync(customer, "best_effort", [.. Enumerable.Repeat(Requests.Image, 6)])).Is(201);
        Assert.Equal("CONCURRENCY_LIMIT", batch.Text("results.5.code"));
        Assert.Equal(995, batch.Number("credits"));
    }

    [Fact]
    public async Task A_thousand_items_are_the_most()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom", "pro");
        (await BatchAsync(customer, "all_or_nothing", [.. Enumerable.Repeat(Requests.Small, 1_001)])).Names("items");
        (await BatchAsync(customer, "best_effort", [.. Enumerable.Repeat(Requests.Small, 1_001)])).Names("items");
        var batch = (await BatchAsync(customer, "all_or_nothing", [.. Enumerable.Repeat(Requests.Small, 100)])).Is(201);
        Assert.Equal(100, batch.At("results").EnumerateArray().Select(result => result.GetProperty("id").GetString()).Distinct().Count());
        Assert.Equal(10, await customer.LeftAsync());
    }

    [Fact]
    public async Task Best_effort_tells_an_invalid_item_in_its_own_place()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        const string Quoted = """{"quote": "qt_x"}""";
        var batch = (await BatchAsync(customer, "best_effort", Requests.Bloom("8K", 1), Requests.Small, "7", Quoted, """{"size": "2K", "workspace_id": "ws_0000000000000000"}""", Requests.Bloom("4K", 2))).Is(201);
        batch.Shows("""{ "index": 0, "status": "refused", "code": "INVALID_REQUEST", "detail": "size: must be one of 2K, 4K", "errors": { "size": ["must be one of 2K, 4K"] } }""", "results.0");
        batch.Shows("""{ "index": 2, "status": "refused", "code": "INVALID_REQUEST", "detail": "item: must be an object", "errors": { "item": ["must be an object"] } }""", "results.2");
        batch.Shows("""{ "quote": ["is not a quote for this workspace"] }""", "results.3.errors");
        batch.Shows("""{ "workspace_id": ["a batch is for one workspace; name it beside items"] }""", "results.4.errors");
        Assert.Equal(("running", "running", 5), (batch.Text("results.1.status"), batch.Text("results.5.status"), batch.Number("credits")));
        Assert.Equal([0, 1, 2, 3, 4, 5], batch.At("results").EnumerateArray().Select(result => result.GetProperty("index").GetInt32()));

        var none = (await BatchAsync(customer, "best_effort", Requests.Bloom("8K", 1))).Is(200);
        Assert.Equal(("refused", 5), (none.Text("results.0.status"), none.Number("credits")));
        (await customer.Service.PostAsync("generations/batch", """{"mode": "best_effort", "items": [{"size": "2K"}], "moode": 1}""")).Names("moode");
    }

    [Fact]
    public async Task A_quote_of_a_template_of_ones_own_says_what_would_be_affordable()
    {
        var customer = await (await World.Shared).CustomerAsync("bluma", "enterprise", 3_000);
        await customer.AdminAsync(HttpMethod.Put, "templates/own-intro", new { attributes = new { @base = 1_000, complexity = "basic" } });
        var quote = (await customer.Own.PostAsync("generations/quote", """{"template_id": "own-intro", "duration": 120}""")).Is(200).Text("quote");
        var batch = (await BatchAsync(customer, "best_effort", """{"template_id": "own-intro", "duration": 60}""", Json.Of(new { quote }))).Is(201);
        batch.Shows("""{ "duration": 30 }""", "results.1.data.max_affordable");
        (await customer.TryAdmitAsync(Json.Of(new { quote }))).Refused(402, "INSUFFICIENT_CREDITS").Shows("""{ "duration": 30 }""", "data.max_affordable");
    }

    [Fact]
    public async Task A_quote_of_a_template_of_ones_own_is_held_to_the_plan_like_the_template()
    {
        await using var world = await World.StartAsync();
        var customer = await world.CustomerAsync("bluma");
        await customer.SubscribeAsync("enterprise", 3_000, "2025-10-01T00:10:00Z");
        await customer.AdminAsync(HttpMethod.Put, "templates/own-intro", new { attributes = new { @base = 1, complexity = "basic" } });
        var quote = (await customer.Own.PostAsync("generations/quote", """{"template_id": "own-intro"}""")).Is(200).Text("quote");
        await customer.AdmitAsync(Json.Of(new { quote }));
        await customer.SubscribeAsync("pro");
        await world.MoveAsync("2025-11-01T00:11:00Z");
        (await customer.TryAdmitAsync(Json.Of(new { quote }))).Refused(403, "TEMPLATE_NOT_IN_PLAN");
    }

    [Fact]
    public async Task A_batch_without_a_mode_is_all_or_nothing()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        Assert.Equal("all_or_nothing", (await customer.Service.PostAsync("generations/batch", """{"items": [{"size": "2K"}]}""")).Is(201).Text("mode"));
    }

    [Theory]
    [InlineData("""{}""", "items")]
    [InlineData("""{"items": []}""", "items")]
    [InlineData("""{"items": {}}""", "items")]
    [InlineData("""{"items": [1]}""", "items[0]")]
    [InlineData("""{"items": [{"size": "2K"}, {"size": "8K"}]}""", "items[1].size")]
    [InlineData("""{"items": [{"size": "2K", "sise": 1}]}""", "items[0].sise")]
    [InlineData("""{"items": [{"size": "2K", "workspace_id": "ws_0000000000000000"}]}""", "items[0].workspace_id")]
    [InlineData("""{"items": [{"size": "2K"}], "mode": "some"}""", "mode")]
    [InlineData("""{"items": [{"size": "2K"}], "moode": "best_effort"}""", "moode")]
    public async Task What_is_wrong_with_a_batch_is_named(string request, string field)
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        (await customer.Service.PostAsync("generations/batch", request)).Names(field);
        Assert.Equal(10, await customer.LeftAsync());
    }

    private static Task<Answer> BatchAsync(Customer customer, string mode, params string[] items) =>
        customer.Service.PostAsync("generations/batch", $$"""{"mode": "{{mode}}", "items": [{{string.Join(',', items)}}]}""");
}
