using Billing.Api.Tests.Worlds;
using Billing.Engine.Ports;
using Billing.Keys;
using Billing.Testing;

namespace Billing.Api.Tests.Keys;

/// <summary><c>/api-keys</c> and sessions.</summary>
public sealed class ApiKeyTests
{
    [Theory]
    [InlineData("bluma", "production", "live")]
    [InlineData("bluma", "test", "test")]
    [InlineData("gleam", "production", "live")]
    public async Task A_key_is_shown_once(string product, string environment, string word)
    {
        var customer = await (await World.Shared).CustomerAsync(product);
        var created = (await customer.Session.PostAsync("api-keys", Json.Of(new { name = "Production Key", environment }))).Is(201);
        var key = created.Text("key");
        Assert.Matches($"^{product}_{word}_[0-9A-Za-z]{{33}}$", key);
        created.Shows($$"""
            {
              "id": "key_*", "name": "Production Key", "environment": "{{environment}}", "masked": "{{product}}_{{word}}_…{{key[^4..]}}",
              "created_at": "2025-11-01T00:00:00Z", "last_used_at": null, "expires_at": null, "revoked_at": null, "workspace_id": "{{customer.WorkspaceId}}", "rate_limit": null, "key": "{{product}}_{{word}}_*"
            }
            """);
        (await customer.World.AnyoneAt(0).As(key).GetAsync("credits")).Is(200);

        var listed = (await customer.Session.GetAsync("api-keys")).Is(200);
        Assert.DoesNotContain(key, listed.Body, StringComparison.Ordinal);
        Assert.Equal(2, listed.At("api_keys").GetArrayLength());
        Assert.Contains(created.Text("id"), listed.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_its_hash_is_stored()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        var row = (await customer.World.OpenLedger().ReadAsync(new Partition(Table.Keys, customer.KeyId[4..6]), customer.KeyId, default))!;
        Assert.DoesNotContain(customer.Key, row.Data.Text, StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(customer.Key))), row.Data.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revoked_key_works_no_longer_and_stays_in_the_list()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        var other = await customer.WithKeyAsync();
        await other.AdmitAsync(Requests.Small);
        var revoked = (await customer.Session.DeleteAsync($"api-keys/{other.KeyId}")).Is(200);
        Assert.Equal("2025-11-01T00:00:00Z", revoked.Text("revoked_at"));
        (await other.Own.GetAsync("credits")).Refused(401, "UNAUTHORIZED");
        (await other.TryAdmitAsync(Requests.Small)).Refused(401, "UNAUTHORIZED");
        await customer.AdmitAsync(Requests.Small);
        Assert.Equal(revoked.Body, (await customer.Session.DeleteAsync($"api-keys/{other.KeyId}")).Is(200).Body);
        Assert.Equal(2, (await customer.Session.GetAsync("api-keys")).At("api_keys").GetArrayLength());
    }

    [Fact]
    public async Task Somebody_elses_key_cannot_be_revoked()
    {
        var world = await World.Shared;
        var (ada, bob) = (await world.CustomerAsync("bloom"), await world.CustomerAsync("bloom"));
        (await bob.Session.DeleteAsync($"api-keys/{ada.KeyId}")).Refused(404, "NOT_FOUND");
        (await bob.Session.DeleteAsync("api-keys/key_x")).Refused(404, "NOT_FOUND");
        (await ada.Own.GetAsync("credits")).Is(200);
    }

    [Fact]
    public async Task A_key_revoked_at_one_host_is_refused_by_the_others_within_30_seconds()
    {
        await using var world = await World.StartAsync(hosts: 2);
        var customer = await world.CustomerAsync("bloom");
        var other = world.AnyoneAt(1).As(customer.Key);
        (await other.GetAsync("credits")).Is(200);
        (await customer.Session.DeleteAsync($"api-keys/{customer.KeyId}")).Is(200);
        var began = Environment.TickCount64;
        await Eventually.SeeAsync(() => other.GetAsync("credits"), answer => answer.Status == 401);
        Assert.InRange(Environment.TickCount64 - began, 0, 30_000);
    }

    [Fact]
    public async Task The_day_of_the_last_use_is_told()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        await customer.Own.GetAsync("credits");
        await Eventually.SeeAsync(() => customer.Session.GetAsync("api-keys"), keys => keys.Text("api_keys.0.last_used_at") == "2025-11-01T00:00:00Z");
    }

    [Theory]
    [InlineData("""{}""", "name")]
    [InlineData("""{"name": "A"}""", "environment")]
    [InlineData("""{"name": "A", "environment": "live"}""", "environment")]
    [InlineData("""{"name": "", "environment": "test"}""", "name")]
    [InlineData("""{"name": 1, "environment": "test"}""", "name")]
    [InlineData("""{"name": "A", "environment": "test", "key": "x"}""", "key")]
    public async Task What_is_wrong_with_a_key_request_is_named(string request, string field)
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        (await customer.Session.PostAsync("api-keys", request)).Names(field);
    }

    [Fact]
    public async Task A_key_can_make_no_keys()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        (await customer.Own.PostAsync("api-keys", """{"name": "A", "environment": "test"}""")).Refused(403, "FORBIDDEN");
        (await customer.Own.GetAsync("api-keys")).Refused(403, "FORBIDDEN");
        (await customer.Service.DeleteAsync($"api-keys/{customer.KeyId}")).Refused(403, "FORBIDDEN");
    }

    [Fact]
    public async Task A_session_works_for_twelve_hours()
    {
        await using var world = await World.StartAsync();
        var customer = await world.CustomerAsync("bloom");
        var session = customer.Session;
        (await world.Operator.PostAsync("admin/sessions", Json.Of(new { account_id = customer.AccountId }))).Is(201).Shows(
            $$"""{ "token": "*", "account_id": "{{customer.AccountId}}", "expires_at": "2025-11-01T12:00:00Z" }""");
        await world.MoveAsync("2025-11-01T11:59:59Z");
        (await session.GetAsync("credits")).Is(200);
        await world.MoveAsync("2025-11-01T12:00:00Z");
        (await session.GetAsync("credits")).Refused(401, "UNAUTHORIZED");
    }

    [Fact]
    public async Task A_session_that_was_tampered_with_does_not_work()
    {
        var world = await World.Shared;
        var (ada, bob) = (await world.CustomerAsync("bloom"), await world.CustomerAsync("bloom"));
        var (hers, his) = (ada.SessionToken.Split('.'), bob.SessionToken.Split('.'));
        var none = Convert.ToBase64String("""{"alg":"none","typ":"JWT"}"""u8).TrimEnd('=');
        foreach (var token in new[] { $"{hers[0]}.{his[1]}.{hers[2]}", $"{none}.{hers[1]}.", $"{none}.{hers[1]}.{hers[2]}", ada.SessionToken[..^2], "a.b.c", ".." })
        {
            (await world.AnyoneAt(0).As(token).GetAsync("credits")).Refused(401, "UNAUTHORIZED");
        }
    }

    [Fact]
    public async Task A_session_of_nobody_cannot_be_made()
    {
        var world = await World.Shared;
        (await world.Operator.PostAsync("admin/sessions", """{"account_id": "acct_0000000000000000"}""")).Refused(404, "NOT_FOUND");
        (await world.Operator.PostAsync("admin/sessions", """{"account_id": "x"}""")).Refused(404, "NOT_FOUND");
    }

    [Fact]
    public async Task A_refused_credential_gets_no_hint()
    {
        var world = await World.Shared;
        var customer = await world.CustomerAsync("bloom");
        var unknown = ApiKeySecret.New("bloom", KeyEnvironment.Production, new byte[ApiKeySecret.RandomBytes]).Reveal();
        var answers = new List<Answer>();
        foreach (var credential in new[] { null, "", "x", unknown, customer.Key[..^1], customer.Key + "a", new string('k', 5_000), world.OperatorKey + "x" })
        {
            var answer = (await world.AnyoneAt(0).SendAsync(HttpMethod.Get, "credits", null, credential is null ? [] : [("Authorization", $"Bearer {credential}")])).Refused(401, "UNAUTHORIZED");
            Assert.Equal("Bearer", answer.Header("WWW-Authenticate"));
            answers.Add(answer);
        }

        Assert.Single(answers.Select(answer => answer.Body).Distinct());
        (await world.AnyoneAt(0).SendAsync(HttpMethod.Get, "credits", null, ("Authorization", $"Basic {customer.Key}"))).Refused(401, "UNAUTHORIZED");
        (await world.AnyoneAt(0).SendAsync(HttpMethod.Get, "credits", null, ("X-Api-Key", customer.Key))).Refused(401, "UNAUTHORIZED");
        (await world.AnyoneAt(0).As(customer.Key, customer.Key).GetAsync("credits")).Refused(401, "UNAUTHORIZED");
        (await world.Service(customer.Key[..^1]).GetAsync("credits")).Refused(401, "UNAUTHORIZED");
    }
}
