using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Generations;

/// <summary><c>POST /generations/check</c>: the decision that admit would take, changing nothing.</summary>
public sealed class CheckTests
{
    [Fact]
    public async Task What_is_affordable_is_allowed()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        (await customer.Own.PostAsync("generations/check", Requests.Bloom("4K", 3))).Is(200).Shows("""
            {
              "allowed": true, "cost": 6, "credits": 10, "shortfall": 0, "code": null, "overage": false,
              "entitlements": { "watermark": false, "quality": "full", "priority": "normal", "api_access": true, "mcp_access": false },
              "max_affordable": { "variant_count": 5 }
            }
            """);
        Assert.Equal((10, 1), (await customer.LeftAsync(), (await customer.HistoryAsync()).Number("total")));
    }

    [Fact]
    public async Task What_is_missing_is_told_in_the_body_and_not_by_the_status()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        var check = (await customer.Session.PostAsync("generations/check", Requests.Bloom("4K", 20))).Is(200);
        Assert.Equal(
            ("false", 40, 10, 30, "INSUFFICIENT_CREDITS", "false"),
            (check.Text("allowed"), check.Number("cost"), check.Number("credits"), check.Number("shortfall"), check.Text("code"), check.Text("overage")));
        check.Shows("""{ "variant_count": 5 }""", "max_affordable");
    }

    [Fact]
    public async Task Overage_is_announced()
    {
        var customer = await (await World.Shared).CustomerAsync("bluma", "starter");
        await customer.AdmitAsync(Requests.Ninety);
        var check = (await customer.Service.PostAsync("generations/check", Requests.FortyFive)).Is(200);
        Assert.Equal(("true", 35, "true", "null"), (check.Text("allowed"), check.Number("shortfall"), check.Text("overage"), check.Text("code")));
        Assert.Equal(0, (await customer.CreditsAsync()).Number("overage_used"));
    }

    [Theory]
    [InlineData("""{"template": "poster"}""", "TEMPLATE_NOT_IN_PLAN")]
    [InlineData("""{"format": "gif"}""", "FORMAT_NOT_SUPPORTED")]
    [InlineData("""{"width": 5001}""", "DIMENSIONS_TOO_LARGE")]
    [InlineData("""{"file_size_bytes": 5242881}""", "FILE_TOO_LARGE")]
    public async Task Plan_limits_are_checked(string request, string code)
    {
        var customer = await (await World.Shared).CustomerAsync("gleam");
        var check = (await customer.Own.PostAsync("generations/check", request)).Is(200);
        Assert.Equal(("false", code), (check.Text("allowed"), check.Text("code")));
    }

    [Fact]
    public async Task A_pause_and_a_full_slot_are_told()
    {
        var world = await World.Shared;
        var paused = await world.CustomerAsync("bluma", "starter");
        await paused.PayAsync("failed");
        Assert.Equal("PAYMENT_REQUIRED", (await paused.Own.PostAsync("generations/check", Requests.Six)).Is(200).Text("code"));
        var busy = await world.CustomerAsync("gleam");
        await busy.AdmitAsync(Requests.Image);
        Assert.Equal("CONCURRENCY_LIMIT", (await busy.Own.PostAsync("generations/check", Requests.Image)).Is(200).Text("code"));
    }

    [Fact]
    public async Task A_full_window_of_generations_is_told_wherever_it_stands()
    {
        var world = await World.Shared;
        var customer = await world.CustomerAsync("gleam");
        var team = (await world.Operator.PostAsync("admin/workspaces", Json.Of(new { account_id = customer.AccountId, name = "Team" }))).Is(201).Text("workspace_id");
        var there = Json.Of(new { workspace_id = team });
        Assert.Equal("true", (await customer.Own.PostAsync("generations/check", there)).Is(200).Text("allowed"));
        for (var i = 0; i < 5; i++)
        {
            await customer.CompleteAsync(await customer.AdmitAsync(Requests.Image));
        }

        foreach (var body in new[] { Requests.Image, there })
        {
            var check = (await customer.Own.PostAsync("generations/check", body)).Is(200);
            Assert.Equal(("false", "TOO_MANY_REQUESTS"), (check.Text("allowed"), check.Text("code")));
        }
    }

    [Fact]
    public async Task A_request_that_is_wrong_is_refused_all_the_same()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        (await customer.Own.PostAsync("generations/check", """{"size": "8K"}""")).Names("size");
        (await customer.Own.PostAsync("generations/check", """{"size": "2K", "workspace_id": "ws_0000000000000000"}""")).Refused(404, "NOT_FOUND");
    }
}
