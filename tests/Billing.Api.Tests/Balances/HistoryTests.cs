using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Balances;

/// <summary><c>GET /credits/history</c>.</summary>
public sealed class HistoryTests
{
    [Fact]
    public async Task Blumas_history_sample_is_answered_field_by_field()
    {
        await using var world = await World.StartAsync();
        var customer = await world.CustomerAsync("bluma", "starter");
        await world.MoveAsync("2025-11-03T10:30:00Z");
        var id = (await customer.AdmitAsync(Requests.Six)).Text("id");
        (await customer.Own.GetAsync("credits/history?limit=2")).Is(200).Shows($$"""
            {
              "transactions": [
                {
                  "id": "txn_*", "type": "deduction", "amount": -6, "balance_after": 94, "description": "Video generation: {{id}}",
                  "metadata": { "template_id": "consumerclub-discord-zoomed", "resolution": "1080p", "duration": 30, "complexity": "ai", "generation_id": "{{id}}" },
                  "created_at": "2025-11-03T10:30:00Z", "key_id": "{{customer.KeyId}}", "member_id": "{{customer.AccountId}}"
                },
                {
                  "id": "txn_*", "type": "purchase", "amount": 100, "balance_after": 100, "description": "Monthly renewal: Starter plan",
                  "metadata": {}, "created_at": "2025-11-01T00:00:00Z"
                }
              ],
              "total": 2, "next_cursor": null
            }
            """);
    }

    [Fact]
    public async Task Every_kind_of_change_has_its_type()
    {
        await using var world = await World.StartAsync();
        var customer = await world.CustomerAsync("bluma", "free");
        await customer.SubscribeAsync("starter");
        await world.MoveAsync("2025-12-01T00:00:00Z");
        await customer.GrantAsync(5);
        var topUp = (await customer.TopUpAsync(20)).Text("id");
        await customer.AdmitAsync(Requests.Ninety);
        await customer.AdminAsync(HttpMethod.Post, $"top-ups/{topUp}/reverse", new { reason = "Charge-back" });
        var failed = await customer.AdmitAsync(Requests.Ninety);
        await customer.FailAsync(failed);
        await customer.SeesCreditsAsync(15);
        await customer.RefundedAsync();
        var history = await customer.HistoryAsync();
        Assert.Equal(
            ["refund", "refund", "overage", "deduction", "adjustment", "deduction", "purchase", "grant", "purchase", "renewal_expiry", "renewal_expiry", "purchase", "grant"],
            history.At("transactions").EnumerateArray().Select(entry => entry.GetProperty("type").GetString()!));
        Assert.Equal(
            [0, 15, 0, -15, -20, -90, 20, 5, 100, -100, -10, 100, 10],
            history.At("transactions").EnumerateArray().Select(entry => entry.GetProperty("amount").GetDecimal()));
        Assert.Equal(
            [15, 15, 0, 0, 15, 35, 125, 105, 100, 0, 100, 110, 10],
            history.At("transactions").EnumerateArray().Select(entry => entry.GetProperty("balance_after").GetDecimal()));
        Assert.Equal(15, await customer.LeftAsync());
    }

    [Theory]
    [InlineData("purchase", 3)]
    [InlineData("deduction", 2)]
    [InlineData("grant", 1)]
    [InlineData("refund", 0)]
    public async Task A_type_can_be_asked_for(string type, int count)
    {
        var customer = await (await World.Shared).CustomerAsync("bluma", "starter");
        await customer.TopUpAsync(20);
        await customer.AdmitAsync(Requests.Six);
        await customer.TopUpAsync(30);
        await customer.AdmitAsync(Requests.Six);
        await customer.GrantAsync(1);
        var history = await customer.HistoryAsync($"type={type}");
        Assert.Equal(count, history.Number("total"));
        Assert.Equal(Enumerable.Repeat(type, count), history.At("transactions").EnumerateArray().Select(entry => entry.GetProperty("type").GetString()!));
        Assert.Equal("null", history.Text("next_cursor"));
    }

    [Fact]
    public async Task Pages_follow_one_another_without_gap_or_overlap()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom", "pro");
        for (var i = 0; i < 9; i++)
        {
            await customer.AdmitAsync(Requests.Small);
        }

        var whole = (await customer.HistoryAsync()).At("transactions").EnumerateArray().Select(entry => entry.GetProperty("id").GetString()!).ToList();
        var pages = new List<string>();
        var cursor = "";
        var counts = new List<int>();
        do
        {
            var page = await customer.HistoryAsync("limit=4" + cursor);
            Assert.Equal(11, page.Number("total"));
            counts.Add(page.At("transactions").GetArrayLength());
            pages.AddRange(page.At("transactions").EnumerateArray().Select(entry => entry.GetProperty("id").GetString()!));
            cursor = page.Text("next_cursor") is "null" ? "" : "&cursor=" + page.Text("next_cursor");
        }
        while (cursor.Length > 0);

        Assert.Equal(whole, pages);
        Assert.Equal([4, 4, 3], counts);
        Assert.Equal(11, whole.Distinct().Count());
    }

    [Fact]
    public async Task Fifty_entries_are_shown_unless_asked_otherwise()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom", "max");
        await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => customer.AdmitAsync(Requests.Small)));
        var history = (await customer.Session.GetAsync("credits/history")).Is(200);
        Assert.Equal((50, 62), (history.At("transactions").GetArrayLength(), history.Number("total")));
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=201", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("limit=1.5", "limit")]
    [InlineData("limit=99999999999999999999", "limit")]
    [InlineData("type=bonus", "type")]
    [InlineData("cursor=%20", "cursor")]
    [InlineData("cursor=bm90aGluZw", "cursor")]
    [InlineData("cursor=txn_0000000000000000000000001", "cursor")]
    public async Task A_wrong_query_is_named(string query, string field)
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        (await customer.Own.GetAsync($"credits/history?{query}")).Names(field);
    }

    [Fact]
    public async Task A_cursor_of_another_workspace_is_refused()
    {
        var world = await World.Shared;
        var (ada, bob) = (await world.CustomerAsync("bloom", "pro"), await world.CustomerAsync("bloom", "pro"));
        await ada.AdmitAsync(Requests.Small);
        var cursor = (await ada.HistoryAsync("limit=1")).Text("next_cursor");
        (await bob.Session.GetAsync($"credits/history?cursor={cursor}")).Names("cursor");
    }
}
