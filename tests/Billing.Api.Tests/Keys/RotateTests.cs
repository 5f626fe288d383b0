using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Keys;

/// <summary><c>POST /api-keys/{id}/rotate</c></summary>
public sealed class RotateTests
{
    [Fact]
    public async Task A_new_key_takes_the_place_of_the_former_one_at_once()
    {
        var customer = await (await (await World.Shared).CustomerAsync("bluma", environment: "test")).LimitedAsync(7);
        var session = await customer.WithKeySessionAsync();
        var rotated = (await customer.Session.PostAsync($"api-keys/{customer.KeyId}/rotate")).Is(201);
        rotated.Shows($$"""
            {
              "id": "key_*", "name": "Key", "environment": "test", "masked": "bluma_test_…{{rotated.Text("key")[^4..]}}", "created_at": "2025-11-01T00:00:00Z",
              "last_used_at": null, "expires_at": null, "revoked_at": null, "workspace_id": "{{customer.WorkspaceId}}", "rate_limit": 7, "key": "bluma_test_*"
            }
            """);
        (await customer.Own.GetAsync("credits")).Refused(401, "UNAUTHORIZED");
        (await session.GetAsync("credits")).Refused(401, "UNAUTHORIZED");
        Assert.Equal("7", (await customer.World.AnyoneAt(0).As(rotated.Text("key")).GetAsync("credits")).Is(200).Header("X-RateLimit-Limit"));

        var listed = (await customer.Session.GetAsync("api-keys")).Is(200);
        Assert.DoesNotContain(rotated.Text("key"), listed.Body, StringComparison.Ordinal);
        var former = listed.At("api_keys").EnumerateArray().Single(key => key.GetProperty("id").GetString() == customer.KeyId);
        Assert.Equal((rotated.Text("id"), World.Start), (former.GetProperty("successor_id").GetString(), former.GetProperty("expires_at").GetString()));
        (await customer.Session.PostAsync($"api-keys/{customer.KeyId}/rotate")).Refused(404, "NOT_FOUND");
        (await customer.Session.PostAsync($"api-keys/{rotated.Text("id")}/rotate")).Is(201);
    }

    [Fact]
    public async Task The_former_key_works_on_while_they_overlap()
    {
        await using var world = await World.StartAsync();
        var customer = await world.CustomerAsync("bloom");
        var path = $"api-keys/{customer.KeyId}/rotate";
        var rotated = (await customer.Session.PostAsync(path, """{"overlap_seconds": 3600}""")).Is(201);
        await customer.AdmitAsync(Requests.Small);
        var session = await customer.WithKeySessionAsync();
        (await customer.Session.PostAsync(path)).Refused(409, "CONFLICT");

        // Whoever lost the answer revokes what it would have shown.
        (await customer.Session.DeleteAsync($"api-keys/{rotated.Text("id")}")).Is(200);
        rotated = (await customer.Session.PostAsync(path, """{"overlap_seconds": 7200}""")).Is(201);
        var former = (await customer.Session.GetAsync("api-keys")).At("api_keys").EnumerateArray().Single(key => key.GetProperty("id").GetString() == customer.KeyId);
        Assert.Equal((rotated.Text("id"), "2025-11-01T02:00:00Z"), (former.GetProperty("successor_id").GetString(), former.GetProperty("expires_at").GetString()));

        await world.MoveAsync("2025-11-01T01:59:59Z");
        (await customer.Own.GetAsync("credits")).Is(200);
        (await session.GetAsync("credits")).Is(200);
        await world.MoveAsync("2025-11-01T02:00:00Z");
        (await customer.Own.GetAsync("credits")).Refused(401, "UNAUTHORIZED");
        (await session.GetAsync("credits")).Refused(401, "UNAUTHORIZED");
        (await world.AnyoneAt(0).As(rotated.Text("key")).GetAsync("credits")).Is(200);
    }

    [Theory]
    [InlineData("""{"overlap_seconds": -1}""", "overlap_seconds")]
    [InlineData("""{"overlap_seconds": 604801}""", "overlap_seconds")]
    [InlineData("""{"overlap_seconds": 0.5}""", "overlap_seconds")]
    [InlineData("""{"overlap_seconds": "1 day"}""", "overlap_seconds")]
    [InlineData("""{"overlap": 1}""", "overlap")]
    public async Task What_is_wrong_is_named_and_changes_nothing(string json, string field)
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        (await customer.Session.PostAsync($"api-keys/{customer.KeyId}/rotate", json)).Names(field);
        Assert.Equal(1, (await customer.Session.GetAsync("api-keys")).At("api_keys").GetArrayLength());
        (await customer.Own.GetAsync("credits")).Is(200);
    }

    [Fact]
    public async Task Only_a_session_of_the_account_rotates_and_only_its_own_keys()
    {
        var world = await World.Shared;
        var (ada, bob) = (await world.CustomerAsync("bloom"), await world.CustomerAsync("bloom"));
        var trial = await ada.WithKeyAsync("test");
        var path = $"api-keys/{ada.KeyId}/rotate";
        (await bob.Session.PostAsync(path)).Refused(404, "NOT_FOUND");
        (await bob.Session.PostAsync("api-keys/key_x/rotate")).Refused(404, "NOT_FOUND");
        foreach (var other in new[] { ada.Own, trial.Own, await ada.WithKeySessionAsync(), await trial.WithKeySessionAsync(), ada.Service, world.Operator })
        {
            (await other.PostAsync(path)).Refused(403, "FORBIDDEN");
        }

        (await ada.Session.PostAsync(path, "{}", "once")).Refused(400, "INVALID_REQUEST");
        (await ada.Own.GetAsync("credits")).Is(200);
        (await ada.Session.DeleteAsync($"api-keys/{ada.KeyId}")).Is(200);
        (await ada.Session.PostAsync(path)).Refused(404, "NOT_FOUND");
    }

    [Fact]
    public async Task A_teams_key_is_rotated_while_its_account_is_a_member()
    {
        var world = await World.Shared;
        var (ada, bob) = (await world.CustomerAsync("bluma"), await world.CustomerAsync("bluma"));
        var team = (await world.Operator.PostAsync("admin/workspaces", Json.Of(new { account_id = ada.AccountId, name = "Team" }))).Is(201).Text("workspace_id");
        (await world.Operator.PostAsync($"admin/workspaces/{team}/members", Json.Of(new { account_id = bob.AccountId }))).Is(201);
        var key = (await bob.Session.PostAsync("api-keys", Json.Of(new { name = "Team", environment = "production", workspace_id = team }))).Is(201);
        var rotated = (await bob.Session.PostAsync($"api-keys/{key.Text("id")}/rotate")).Is(201);
        Assert.Equal(team, rotated.Text("workspace_id"));

        (await world.Operator.DeleteAsync($"admin/workspaces/{team}/members", Json.Of(new { account_id = bob.AccountId }))).Is(204);
        (await world.AnyoneAt(0).As(rotated.Text("key")).GetAsync("credits")).Refused(401, "UNAUTHORIZED");
        (await bob.Session.PostAsync($"api-keys/{rotated.Text("id")}/rotate")).Refused(404, "NOT_FOUND");
    }
}
