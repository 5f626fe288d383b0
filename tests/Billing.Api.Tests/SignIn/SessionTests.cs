using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.SignIn;

/// <summary><c>POST /session</c>, signing out, and what a session may.</summary>
public sealed class SessionTests
{
    [Fact]
    public async Task A_key_signs_in_and_its_session_may_what_the_key_may()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        (await customer.Own.PostAsync("session")).Is(201).Shows($$"""
            { "token": "eyJ*", "account_id": "{{customer.AccountId}}", "workspace_id": "{{customer.WorkspaceId}}", "test_mode": false, "expires_at": "2025-11-01T12:00:00Z" }
            """);
        var session = await customer.WithKeySessionAsync();
        Assert.Equal(10, (await session.GetAsync("credits")).Is(200).Number("credits"));
        (await session.PostAsync("generations/check", Requests.Small)).Is(200);
        (await session.PostAsync("api-keys", """{"name": "Key", "environment": "test"}""")).Refused(403, "FORBIDDEN");
        (await session.GetAsync("api-keys")).Refused(403, "FORBIDDEN");
        (await session.PostAsync("session")).Refused(403, "FORBIDDEN");
        (await customer.Session.PostAsync("session")).Refused(403, "FORBIDDEN");
        (await customer.Own.PostAsync("session", """{"hours": 24}""")).Names("hours");
    }

    [Fact]
    public async Task It_is_in_its_keys_environment()
    {
        var live = await (await World.Shared).CustomerAsync("bloom");
        var session = await (await live.WithKeyAsync("test")).WithKeySessionAsync();
        Assert.Equal("true", (await session.GetAsync("credits")).Is(200).Text("test_mode"));
        var generation = (await live.AdmitAsync(Requests.Small)).Text("id");
        (await session.GetAsync($"generations/{generation}")).Refused(404, "NOT_FOUND");
    }

    [Fact]
    public async Task It_ends_with_its_key()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        var session = await customer.WithKeySessionAsync();
        (await session.GetAsync("credits")).Is(200);
        (await customer.Session.DeleteAsync($"api-keys/{customer.KeyId}")).Is(200);
        (await session.GetAsync("credits")).Refused(401, "UNAUTHORIZED");
        (await customer.Session.GetAsync("credits")).Is(200);
    }

    [Fact]
    public async Task Signing_out_ends_it_and_no_other()
    {
        var world = await World.Shared;
        var customer = await world.CustomerAsync("bloom");
        var (one, other) = (await customer.WithKeySessionAsync(), await customer.WithKeySessionAsync());
        var own = world.Anyone.As((await world.Operator.PostAsync("admin/sessions", Json.Of(new { account_id = customer.AccountId }))).Is(201).Text("token"));
        foreach (var session in new[] { one, own })
        {
            (await session.GetAsync("credits")).Is(200);
            (await session.DeleteAsync("session")).Is(200).Shows("""{ "signed_out": true }""");
            (await session.GetAsync("credits")).Refused(401, "UNAUTHORIZED");
            (await session.DeleteAsync("session")).Refused(401, "UNAUTHORIZED");
        }

        (await other.GetAsync("credits")).Is(200);
        (await customer.Session.GetAsync("credits")).Is(200);
        (await customer.Own.DeleteAsync("session")).Refused(403, "FORBIDDEN");
    }

    [Fact]
    public async Task It_ends_when_its_key_does()
    {
        await using var world = await World.StartAsync();
        var customer = await world.CustomerAsync("bloom");
        var key = (await customer.Session.PostAsync("api-keys", Json.Of(new { name = "Short", environment = "production", expires_at = "2025-11-01T06:00:00Z" }))).Is(201).Text("key");
        var session = await (customer with { Key = key }).WithKeySessionAsync();
        await world.MoveAsync("2025-11-01T05:59:59Z");
        (await session.GetAsync("credits")).Is(200);
        await world.MoveAsync("2025-11-01T06:00:00Z");
        (await session.GetAsync("credits")).Refused(401, "UNAUTHORIZED");
    }

    [Fact]
    public async Task It_lasts_twelve_hours()
    {
        await using var world = await World.StartAsync();
        var customer = await world.CustomerAsync("bloom");
        var session = await customer.WithKeySessionAsync();
        await world.MoveAsync("2025-11-01T11:59:59Z");
        (await session.GetAsync("credits")).Is(200);
        await world.MoveAsync("2025-11-01T12:00:00Z");
        (await session.GetAsync("credits")).Refused(401, "UNAUTHORIZED");
    }

    [Fact]
    public async Task Signing_in_is_not_counted_and_no_plan_limits_a_session()
    {
        var customer = await (await (await World.Shared).CustomerAsync("bluma")).LimitedAsync(2);
        Assert.Equal("2", (await customer.Own.PostAsync("session")).Is(201).Header("X-RateLimit-Remaining"));
        var session = await customer.WithKeySessionAsync();
        for (var i = 0; i < 4; i++)
        {
            Assert.False((await session.GetAsync("credits")).Is(200).Headers.ContainsKey("X-RateLimit-Remaining"));
        }

        Assert.Equal("1", (await customer.Own.GetAsync("credits")).Is(200).Header("X-RateLimit-Remaining"));
        (await customer.Own.GetAsync("credits")).Is(200);
        (await customer.Own.GetAsync("credits")).Refused(429, "TOO_MANY_REQUESTS");
        (await customer.Own.PostAsync("session")).Is(201);
    }

    [Fact]
    public async Task A_flood_is_held_off_and_the_others_go_on()
    {
        await using var world = await World.StartAsync("2025-11-01T00:00:30Z");
        var (customer, other) = (await world.CustomerAsync("bloom"), await world.CustomerAsync("bloom"));
        var session = await customer.WithKeySessionAsync();
        var answers = new List<Answer>();
        for (var i = 0; i < 61; i++)
        {
            answers.AddRange(await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => session.GetAsync("workspaces"))));
        }

        Assert.InRange(answers.Count(answer => answer.Status == 200), 590, 600); // some were used to set the scene
        Assert.All(answers.Where(answer => answer.Status != 200), answer => Assert.Equal("30", answer.Refused(429, "TOO_MANY_REQUESTS").Header("Retry-After")));
        (await other.Session.GetAsync("workspaces")).Is(200);
        (await customer.Own.GetAsync("workspaces")).Is(200);
        await world.MoveAsync("2025-11-01T00:01:00Z");
        (await session.GetAsync("workspaces")).Is(200);
    }
}
