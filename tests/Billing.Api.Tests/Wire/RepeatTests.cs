using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Wire;

/// <summary>A repeat finds its answer, whatever would be refused by now.</summary>
public sealed class RepeatTests
{
    [Fact]
    public async Task With_a_quote_that_has_expired_meanwhile()
    {
        await using var world = await World.StartAsync();
        var customer = await world.CustomerAsync("bloom");
        var request = Json.Of(new { quote = (await customer.Own.PostAsync("generations/quote", Requests.Small)).Is(200).Text("quote") });
        var batch = $$"""{"items": [{{request}}]}""";
        var (first, items) = (await customer.AdmitAsync(request, "key-1"), (await customer.Service.PostAsync("generations/batch", batch, "key-1")).Is(201));
        await world.MoveAsync("2025-11-01T00:16:00Z");
        await SameAsync(first, customer.TryAdmitAsync(request, "key-1"));
        await SameAsync(items, customer.Service.PostAsync("generations/batch", batch, "key-1"));
        (await customer.TryAdmitAsync(request, "key-2")).Names("quote");
        (await customer.TryAdmitAsync(request + " ", "key-1")).Refused(422, "IDEMPOTENCY_KEY_REUSED");
        Assert.Equal(8, await customer.LeftAsync());
    }

    [Fact]
    public async Task For_what_the_catalog_has_no_longer()
    {
        var settings = Balances.OwnCatalog.Settings();
        await using var world = await World.StartAsync(settings: settings);
        var customer = await world.CustomerAsync("bluma", "starter");
        const string Plain = """{"template_id": "plain"}""";
        var first = await customer.AdmitAsync(Plain, "key-1");
        const string Account = """{"product": "bluma", "name": "Ada", "email": "ada@example.com", "plan": "starter"}""";
        var account = (await world.Operator.PostAsync("admin/accounts", Account, "key-1")).Is(201);

        var file = Path.Combine(settings["Billing__Catalogs"], "bluma.json");
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("\"plain\"", "\"fancy\"", StringComparison.Ordinal).Replace("\"starter\"", "\"beginner\"", StringComparison.Ordinal));
        await world.CrashAsync(0);
        await SameAsync(first, customer.TryAdmitAsync(Plain, "key-1"));
        (await customer.TryAdmitAsync(Plain, "key-2")).Names("template_id");
        await SameAsync(account, world.Operator.PostAsync("admin/accounts", Account, "key-1"));
        (await world.Operator.PostAsync("admin/accounts", Account, "key-2")).Names("plan");
    }

    [Fact]
    public async Task With_a_template_of_ones_own_that_was_removed()
    {
        var customer = await (await World.Shared).CustomerAsync("bluma", "enterprise", 3_000);
        await customer.AdminAsync(HttpMethod.Put, "templates/own-intro", new { attributes = new { @base = 7, complexity = "basic" } });
        const string Intro = """{"template_id": "own-intro"}""";
        var first = await customer.AdmitAsync(Intro, "key-1");
        await customer.AdminAsync(HttpMethod.Delete, "templates/own-intro");
        await SameAsync(first, customer.TryAdmitAsync(Intro, "key-1"));
    }

    [Fact]
    public async Task With_the_credits_used_up_the_subscription_paused_or_the_window_full()
    {
        var world = await World.Shared;
        var spent = await world.CustomerAsync("bloom");
        var all = await spent.AdmitAsync(Requests.Bloom("4K", 5), "key-1");
        await SameAsync(all, spent.TryAdmitAsync(Requests.Bloom("4K", 5), "key-1"));

        var paused = await world.CustomerAsync("bloom", "plus");
        var before = await paused.AdmitAsync(Requests.Small, "key-1");
        await paused.PayAsync("failed");
        await SameAsync(before, paused.TryAdmitAsync(Requests.Small, "key-1"));

        var full = await world.CustomerAsync("gleam", "pro");
        await full.LimitedAsync(1);
        var only = await full.AdmitAsync(Requests.Image, "key-1");
        var again = await SameAsync(only, full.TryAdmitAsync(Requests.Image, "key-1"));
        Assert.Equal(("0", false), (again.Header("X-RateLimit-Remaining"), again.Headers.ContainsKey("Retry-After")));
        (await full.TryAdmitAsync(Requests.Image, "key-2")).Refused(429, "TOO_MANY_REQUESTS");
    }

    [Fact]
    public async Task Elsewhere_than_the_keys_home_with_the_window_full()
    {
        var (customer, team) = await InTeamAsync("gleam", "pro");
        await customer.LimitedAsync(1);
        var request = Json.Of(new { workspace_id = team });
        var only = await customer.AdmitAsync(request, "key-1");
        Assert.Equal("0", (await SameAsync(only, customer.TryAdmitAsync(request, "key-1"))).Header("X-RateLimit-Remaining"));
        (await customer.TryAdmitAsync(request, "key-2")).Refused(429, "TOO_MANY_REQUESTS");
    }

    [Fact]
    public async Task It_is_not_counted()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom", "plus");
        var completed = await customer.CompleteAsync(await customer.AdmitAsync(Requests.Small, "key-1"));
        var request = Json.Of(new { generation_id = completed.Text("id"), reason = "quality_issue" });
        var refund = (await customer.Own.PostAsync("refunds", request, "key-1")).Is(202);
        var left = refund.Header("X-RateLimit-Remaining");
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(left, (await SameAsync(refund, customer.Own.PostAsync("refunds", request, "key-1"))).Header("X-RateLimit-Remaining"));
            Assert.Equal(left, (await customer.AdmitAsync(Requests.Small, "key-1")).Header("X-RateLimit-Remaining"));
        }
    }

    [Fact]
    public async Task Of_the_service_after_the_customers_key_was_revoked_and_not_of_the_customer()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        var first = await customer.AdmitAsync(Requests.Small, "key-1");
        var done = (await customer.Service.PostAsync($"generations/{first.Text("id")}/complete", "{}", "key-1")).Is(200);
        var refundable = Json.Of(new { generation_id = first.Text("id"), reason = "quality_issue" });
        (await customer.Own.PostAsync("refunds", refundable, "key-1")).Is(202);
        (await customer.Session.DeleteAsync($"api-keys/{customer.KeyId}")).Is(200);
        await SameAsync(first, customer.TryAdmitAsync(Requests.Small, "key-1"));
        await SameAsync(done, customer.Service.PostAsync($"generations/{first.Text("id")}/complete", "{}", "key-1"));
        (await customer.TryAdmitAsync(Requests.Small, "key-2")).Refused(401, "UNAUTHORIZED");
        (await customer.TryAdmitAsync(Requests.Bloom("4K", 1), "key-1")).Refused(401, "UNAUTHORIZED");
        (await customer.Own.PostAsync("refunds", refundable, "key-1")).Refused(401, "UNAUTHORIZED");
        Assert.Equal(9, await customer.LeftAsync());
    }

    [Fact]
    public async Task Of_the_service_after_the_member_was_removed()
    {
        var (member, team) = await InTeamAsync("bloom", null);
        await member.World.Operator.PostAsync($"admin/workspaces/{team}/grants", """{"credits": 5, "reason": "Start"}""");
        var request = Json.Of(new { workspace_id = team, size = "2K" });
        var first = await member.AdmitAsync(request, "key-1");
        (await member.World.Operator.DeleteAsync($"admin/workspaces/{team}/members?account_id={member.AccountId}")).Is(204);
        await SameAsync(first, member.TryAdmitAsync(request, "key-1"));
        (await member.TryAdmitAsync(request, "key-2")).Refused(404, "NOT_FOUND");
    }

    [Fact]
    public async Task Live_and_test_never_meet()
    {
        var live = await (await World.Shared).CustomerAsync("bloom");
        var test = await live.WithKeyAsync("test");
        var (free, paid) = (await test.AdmitAsync(Requests.Small, "order-42"), await live.AdmitAsync(Requests.Small, "order-42"));
        Assert.Equal(("true", "false"), (free.Text("test_mode"), paid.Text("test_mode")));
        Assert.False(paid.Headers.ContainsKey("Idempotent-Replayed"));
        await SameAsync(free, test.TryAdmitAsync(Requests.Small, "order-42"));
        await SameAsync(paid, live.TryAdmitAsync(Requests.Small, "order-42"));
    }

    [Theory]
    [InlineData("/api/v1/Generations")]
    [InlineData("/API/V1/generations")]
    [InlineData("/api/v1/generation%73")]
    public async Task However_the_path_is_spelled(string path)
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        var first = await customer.AdmitAsync(Requests.Small, "key-1");
        await SameAsync(first, customer.Service.PostAsync(path, Requests.Small, "key-1"));
    }

    [Fact]
    public async Task Answers_that_show_a_secret_take_no_key_and_leave_none_behind()
    {
        var world = await World.Shared;
        var customer = await world.CustomerAsync("bloom");
        const string Hook = """{"url": "http://127.0.0.1:9/", "events": ["ping"]}""";
        var hook = (await customer.Own.PostAsync("webhooks", Hook)).Is(201).Text("id");
        foreach (var refused in new[]
        {
            await customer.Own.PostAsync("webhooks", Hook, "key-1"),
            await customer.Own.PostAsync($"webhooks/{hook}/rotate", null, "key-1"),
            await customer.Session.PostAsync("api-keys", """{"name": "Key", "environment": "test"}""", "key-1"),
            await world.Operator.PostAsync("admin/sessions", Json.Of(new { account_id = customer.AccountId }), "key-1"),
        })
        {
            refused.Names("Idempotency-Key");
        }

        Assert.Equal(1, (await customer.Own.GetAsync("webhooks")).At("webhooks").GetArrayLength());
    }

    /// <summary>A member of a team of somebody else's.</summary>
    private static async Task<(Customer Member, string Team)> InTeamAsync(string product, string? plan)
    {
        var world = await World.Shared;
        var (owner, member) = (await world.CustomerAsync(product), await world.CustomerAsync(product, plan));
        var team = (await world.Operator.PostAsync("admin/workspaces", Json.Of(new { account_id = owner.AccountId, name = "Team" }))).Is(201).Text("workspace_id");
        (await world.Operator.PostAsync($"admin/workspaces/{team}/members", Json.Of(new { account_id = member.AccountId }))).Is(201);
        return (member, team);
    }

    private static async Task<Answer> SameAsync(Answer first, Task<Answer> repeating)
    {
        var again = await repeating;
        Assert.Equal((first.Status, first.Body, "true"), (again.Status, again.Body, again.Headers.GetValueOrDefault("Idempotent-Replayed")));
        return again;
    }
}
