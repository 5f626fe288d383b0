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
        Assert.Equal((16, 10, 6), (refused.Number("data.required"), refused.Number("data.available"), refused.Number("data.shortfall")));
        Assert.Equal((10, 1), (await customer.LeftAsync(), (await customer.HistoryAsync()).Number("total")));
    }

    [Fact]
    public async Task Best_effort_admits_what_fits()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        var batch = (await BatchAsync(customer, "best_effort", Requests.Bloom("4K", 4), Requests.Bloom("4K", 4), Requests.Bloom("4K", 1))).Is(201);
        batch.Shows("""{ "credits": 10, "overage_units": 0, "overage": null }""", "charged");
        batch.Shows("""{ "index": 1, "status": "refused", "code": "INSUFFICIENT_CREDITS", "detail": "*" }""", "results.1");
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
        (await BatchAsync(customer, "all_or_nothing", [.. Enumerable.Repeat(Requests.Image, 6)])).Refused(429, "CONCURRENCY_LIMIT");
        var batch = (await BatchAsync(customer, "best_effort", [.. Enumerable.Repeat(Requests.Image, 6)])).Is(201);
        Assert.Equal("CONCURRENCY_LIMIT", batch.Text("results.5.code"));
        Assert.Equal(995, batch.Number("credits"));
    }

    [Fact]
    public async Task A_hundred_items_fit_and_no_more()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom", "pro");
        (await BatchAsync(customer, "all_or_nothing", [.. Enumerable.Repeat(Requests.Small, 101)])).Names("items");
        var batch = (await BatchAsync(customer, "all_or_nothing", [.. Enumerable.Repeat(Requests.Small, 100)])).Is(201);
        Assert.Equal(100, batch.At("results").EnumerateArray().Select(result => result.GetProperty("id").GetString()).Distinct().Count());
        Assert.Equal(10, await customer.LeftAsync());
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
