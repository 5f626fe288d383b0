using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Generations;

/// <summary><c>GET /generations</c>.</summary>
public sealed class ListTests
{
    [Fact]
    public async Task Generations_are_listed_newest_first_page_by_page()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom", "plus");
        var ids = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            ids.Add((await customer.AdmitAsync(Requests.Small, i % 2 == 0 ? null : $"key {i}")).Text("id"));
        }

        var batch = (await customer.Service.PostAsync("generations/batch", Json.Of(new { items = Enumerable.Repeat(new { size = "2K" }, 30) }))).Is(201);
        ids.AddRange(batch.At("results").EnumerateArray().Select(result => result.GetProperty("id").GetString()!));
        ids.Add((await customer.AdmitAsync(Requests.Small)).Text("id"));
        ids.Reverse();
        Assert.Equal(ids, await AllAsync(customer.Own, "limit=200"));
        Assert.Equal(ids, await AllAsync(customer.Own, "limit=7"));
        Assert.Equal(ids, await AllAsync(customer.Session, "limit=1"));
        var shown = (await customer.Own.GetAsync("generations?limit=1")).Is(200);
        Assert.Equal((await customer.Own.GetAsync($"generations/{ids[0]}")).Body, shown.At("generations.0").GetRawText());
        var operators = await AllAsync(customer.World.Operator, "limit=100", $"admin/workspaces/{customer.WorkspaceId}/generations");
        Assert.Equal(ids, operators);
        Assert.Equal(ids, await AllAsync(customer.World.Operator, $"workspaceId={customer.WorkspaceId}"));
    }

    [Fact]
    public async Task They_are_filtered_by_status_key_and_time()
    {
        await using var world = await World.StartAsync();
        var customer = await world.CustomerAsync("bloom", "plus");
        var other = await customer.WithKeyAsync();
        var first = await customer.AdmitAsync(Requests.Small);
        await world.MoveAsync("2025-11-01T00:30:00Z");
        var second = await other.AdmitAsync(Requests.Small);
        var third = await customer.AdmitAsync(Requests.Small);
        await customer.CompleteAsync(second);
        await customer.FailAsync(third, "user_error");
        Assert.Equal([Id(first)], await AllAsync(customer.Own, "status=running"));
        Assert.Equal([Id(second)], await AllAsync(customer.Own, "status=completed"));
        Assert.Equal([Id(third)], await AllAsync(customer.Own, "status=failed"));
        Assert.Equal([Id(second)], await AllAsync(customer.Own, $"key_id={other.KeyId}"));
        Assert.Equal([Id(third), Id(first)], await AllAsync(customer.Own, $"key_id={customer.KeyId}"));
        Assert.Equal([Id(first)], await AllAsync(customer.Own, "to=2025-11-01T00:30:00Z"));
        Assert.Equal([Id(third), Id(second)], await AllAsync(customer.Own, "from=2025-11-01T00:30:00Z"));
        Assert.Empty(await AllAsync(customer.Own, "key_id=key_nobodys"));

        // Whoever lists sees what time has done.
        await world.MoveAsync("2025-11-01T01:00:00Z");
        Assert.Equal([Id(first)], await AllAsync(customer.Own, "status=expired"));
        Assert.Empty(await AllAsync(customer.Own, "status=running"));
        (await customer.Own.GetAsync("generations?status=nonsense")).Names("status");
        (await customer.Own.GetAsync("generations?from=yesterday")).Names("from");
        (await customer.Own.GetAsync("generations?cursor=nonsense")).Names("cursor");
        (await customer.Own.GetAsync("generations?limit=0")).Names("limit");
    }

    [Fact]
    public async Task A_test_key_lists_what_test_keys_asked_for()
    {
        await using var world = await World.StartAsync();
        var live = await world.CustomerAsync("bloom", "plus");
        var test = await live.WithKeyAsync("test");
        var lived = await live.AdmitAsync(Requests.Small);
        var tested = new List<string>();
        for (var minute = 1; minute <= 5; minute++)
        {
            await world.MoveAsync($"2025-11-01T00:0{minute}:00Z");
            tested.Add(Id(await test.AdmitAsync(Requests.Small, $"test {minute}")));
        }

        tested.Reverse();
        Assert.Equal([Id(lived)], await AllAsync(live.Own, ""));
        Assert.Equal(tested, await AllAsync(test.Own, ""));
        Assert.Equal(tested, await AllAsync(test.Own, "limit=2"));
        Assert.Equal(tested[1..3], await AllAsync(test.Own, "from=2025-11-01T00:03:00Z&to=2025-11-01T00:05:00Z"));
        Assert.Equal(tested, await AllAsync(live.NamedTest, ""));
        Assert.Equal(tested, await AllAsync(world.Operator, "test_mode=true", $"admin/workspaces/{live.WorkspaceId}/generations"));
    }

    [Fact]
    public async Task Nobody_lists_what_is_not_theirs()
    {
        var world = await World.Shared;
        var (ada, bob) = (await world.CustomerAsync("bloom", "plus"), await world.CustomerAsync("bloom", "plus"));
        (await ada.Own.GetAsync($"generations?workspaceId={bob.WorkspaceId}")).Refused(404, "NOT_FOUND");
        (await world.Service().GetAsync("generations")).Refused(401, "UNAUTHORIZED");
        (await ada.Own.GetAsync($"admin/workspaces/{ada.WorkspaceId}/generations")).Refused(403, "FORBIDDEN");
        (await world.Operator.GetAsync("admin/workspaces/ws_0000000000000000/generations")).Refused(404, "NOT_FOUND");
        Assert.Empty(await AllAsync(bob.Own, ""));
    }

    private static string Id(Answer admitted) => admitted.Text("id");

    private static async Task<IEnumerable<string>> AllAsync(Client client, string query, string path = "generations")
    {
        var found = new List<string>();
        for (var cursor = ""; cursor is not null;)
        {
            var answer = (await client.GetAsync($"{path}?{query}{cursor}".Replace("?&", "?", StringComparison.Ordinal))).Is(200);
            found.AddRange(answer.At("generations").EnumerateArray().Select(one => one.GetProperty("id").GetString()!));
            cursor = answer.Text("next_cursor") is not "null" and var next ? $"&cursor={next}" : null;
        }

        return found;
    }
}
