using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Access;

/// <summary>What was begun can be ended, and a test key reaches nothing that is live.</summary>
public sealed class ReachTests
{
    [Theory]
    [InlineData("complete", "{}")]
    [InlineData("fail", """{"reason": "server_error"}""")]
    [InlineData("heartbeat", "{}")]
    public async Task A_generation_is_settled_by_the_service_key_alone(string verb, string body)
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        var id = (await customer.AdmitAsync(Requests.Small)).Text("id");
        (await customer.World.Service().PostAsync($"generations/{id}/{verb}", body)).Is(200);
    }

    [Theory]
    [InlineData("complete", "{}")]
    [InlineData("fail", """{"reason": "server_error"}""")]
    [InlineData("heartbeat", "{}")]
    public async Task A_key_that_was_revoked_meanwhile_is_passed_over(string verb, string body)
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        var id = (await customer.AdmitAsync(Requests.Small)).Text("id");
        (await customer.Session.DeleteAsync($"api-keys/{customer.KeyId}")).Is(200);
        (await customer.Service.PostAsync($"generations/{id}/{verb}", body)).Is(200);
        (await customer.Service.GetAsync($"generations/{id}")).Refused(401, "UNAUTHORIZED");
    }

    [Fact]
    public async Task A_member_who_was_removed_meanwhile_is_passed_over()
    {
        var world = await World.Shared;
        var (owner, member, stranger) = (await world.CustomerAsync("bloom", "plus"), await world.CustomerAsync("bloom"), await world.CustomerAsync("bloom"));
        var team = (await world.Operator.PostAsync("admin/workspaces", Json.Of(new { account_id = owner.AccountId, name = "Team" }))).Is(201).Text("workspace_id");
        (await world.Operator.PostAsync($"admin/workspaces/{team}/members", Json.Of(new { account_id = member.AccountId }))).Is(201);
        (await world.Operator.PostAsync($"admin/workspaces/{team}/grants", """{"credits": 5, "reason": "Start"}""")).Is(201);
        var path = $"generations/{(await member.AdmitAsync(Json.Of(new { workspace_id = team, size = "2K" }))).Text("id")}";
        (await world.Operator.DeleteAsync($"admin/workspaces/{team}/members?account_id={member.AccountId}")).Is(204);
        (await stranger.Service.PostAsync($"{path}/complete", "{}")).Refused(404, "NOT_FOUND");
        (await member.Service.GetAsync(path)).Refused(404, "NOT_FOUND");
        (await (await member.WithKeyAsync("test")).Service.PostAsync($"{path}/complete", "{}")).Refused(404, "NOT_FOUND");
        (await member.Service.PostAsync($"{path}/complete", "{}")).Is(200);
    }

    [Fact]
    public async Task A_working_key_must_be_of_the_generations_environment()
    {
        var live = await (await World.Shared).CustomerAsync("bloom", "plus");
        var test = await live.WithKeyAsync("test");
        var (paid, free) = ((await live.AdmitAsync(Requests.Small)).Text("id"), (await test.AdmitAsync(Requests.Small)).Text("id"));
        foreach (var (verb, body) in new[] { ("complete", "{}"), ("fail", """{"reason": "server_error"}"""), ("heartbeat", "{}") })
        {
            (await test.Service.PostAsync($"generations/{paid}/{verb}", body)).Refused(404, "NOT_FOUND");
            (await live.Service.PostAsync($"generations/{free}/{verb}", body)).Refused(404, "NOT_FOUND");
        }

        (await test.Service.PostAsync($"generations/{free}/complete", "{}", "key-1")).Is(200);
        (await live.Service.PostAsync($"generations/{paid}/complete", "{}", "key-1")).Is(200);
        (await test.Service.PostAsync($"generations/{paid}/complete", "{}", "key-1")).Refused(404, "NOT_FOUND");
    }

    [Fact]
    public async Task A_test_key_reaches_nothing_that_is_live()
    {
        var live = await (await World.Shared).CustomerAsync("bloom", "plus");
        var test = await live.WithKeyAsync("test");
        var generation = (await live.CompleteAsync(await live.AdmitAsync(Requests.Small))).Text("id");
        var other = (await live.CompleteAsync(await live.AdmitAsync(Requests.Small))).Text("id");
        var refund = (await live.Own.PostAsync("refunds", Json.Of(new { generation_id = other, reason = "quality_issue" }))).Is(202).Text("id");
        const string Hook = """{"url": "http://127.0.0.1:9/", "events": ["ping"]}""";
        var hook = (await live.Own.PostAsync("webhooks", Hook)).Is(201).Text("id");
        var delivery = (await live.Own.PostAsync($"webhooks/{hook}/test")).Is(202).Text("id");
        foreach (var client in new[] { test.Own, test.Service })
        {
            foreach (var (method, path, body) in new[]
            {
                (HttpMethod.Get, $"generations/{generation}", null),
                (HttpMethod.Post, "refunds", Json.Of(new { generation_id = generation, reason = "quality_issue" })),
                (HttpMethod.Get, $"refunds/{refund}", null),
                (HttpMethod.Get, $"webhooks/{hook}/deliveries", null),
                (HttpMethod.Post, $"webhooks/{hook}/test", null),
                (HttpMethod.Post, $"webhooks/{hook}/rotate", null),
                (HttpMethod.Post, $"webhooks/{hook}/deliveries/{delivery}/replay", null),
                (HttpMethod.Delete, $"webhooks/{hook}", (string?)null),
            })
            {
                (await client.SendAsync(method, path, body)).Refused(404, "NOT_FOUND");
            }

            (await client.PostAsync("webhooks", Hook)).Refused(403, "FORBIDDEN");
            (await client.GetAsync("webhooks")).Is(200).Shows("[]", "webhooks");
        }

        Assert.Equal(1, (await live.Own.GetAsync("webhooks")).Is(200).At("webhooks").GetArrayLength());
        Assert.Equal("completed", (await live.Own.GetAsync($"generations/{generation}")).Is(200).Text("status"));
    }

    [Fact]
    public async Task Verifying_counts_once_the_key_that_is_named_whatever_else_is_sent()
    {
        var (one, other) = (await (await World.Shared).CustomerAsync("gleam"), await (await World.Shared).CustomerAsync("gleam", "pro"));
        var verified = (await one.Service.PostAsync("keys/verify", Json.Of(new { key = one.Key }))).Is(200);
        Assert.Equal(("5", "4"), (verified.Header("X-RateLimit-Limit"), verified.Header("X-RateLimit-Remaining")));
        verified = (await other.Service.PostAsync("keys/verify", Json.Of(new { key = one.Key }))).Is(200);
        Assert.Equal(("5", "3"), (verified.Header("X-RateLimit-Limit"), verified.Header("X-RateLimit-Remaining")));
        (await other.Session.DeleteAsync($"api-keys/{other.KeyId}")).Is(200);
        Assert.Equal("2", (await other.Service.PostAsync("keys/verify", Json.Of(new { key = one.Key }))).Is(200).Header("X-RateLimit-Remaining"));
    }
}
