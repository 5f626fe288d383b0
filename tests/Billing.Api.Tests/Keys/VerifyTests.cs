using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Keys;

/// <summary><c>POST /keys/verify</c>: for the seller's endpoints that cost no credits.</summary>
public sealed class VerifyTests
{
    [Fact]
    public async Task A_working_key_is_told_with_its_entitlements_and_counted_once()
    {
        var customer = await (await World.Shared).CustomerAsync("gleam", "pro");
        var verified = (await customer.World.Service().PostAsync("keys/verify", Json.Of(new { key = customer.Key }))).Is(200);
        verified.Shows($$"""
            {
              "valid": true, "code": null, "workspace_id": "{{customer.WorkspaceId}}", "environment": "production",
              "entitlements": { "watermark": false, "quality": "full", "priority": "normal", "support": "priority" }
            }
            """);
        Assert.Equal(("100", "99"), (verified.Header("X-RateLimit-Limit"), verified.Header("X-RateLimit-Remaining")));
        Assert.Equal(1_000, await customer.LeftAsync());
    }

    [Fact]
    public async Task A_test_key_has_a_test_keys_entitlements()
    {
        var customer = await (await World.Shared).CustomerAsync("bluma", "pro", environment: "test");
        var verified = (await customer.World.Service().PostAsync("keys/verify", Json.Of(new { key = customer.Key }))).Is(200);
        Assert.Equal(
            ("test", "true", "low", "low", "priority"),
            (verified.Text("environment"), verified.Text("entitlements.watermark"), verified.Text("entitlements.quality"), verified.Text("entitlements.priority"), verified.Text("entitlements.support")));
    }

    [Fact]
    public async Task A_key_that_does_not_work_is_told_so()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        (await customer.Session.DeleteAsync($"api-keys/{customer.KeyId}")).Is(200);
        foreach (var key in new[] { customer.Key, customer.Key[..^1], "x", customer.SessionToken[..150] })
        {
            (await customer.World.Service().PostAsync("keys/verify", Json.Of(new { key }))).Is(200).Shows(
                """{ "valid": false, "code": "UNAUTHORIZED", "workspace_id": null, "environment": null, "entitlements": {} }""");
        }
    }

    [Fact]
    public async Task A_key_over_its_limit_is_told_so()
    {
        var customer = await (await World.Shared).CustomerAsync("gleam");
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("true", (await VerifyAsync(customer)).Text("valid"));
        }

        var refused = await VerifyAsync(customer);
        Assert.Equal(("false", "TOO_MANY_REQUESTS", "3600"), (refused.Text("valid"), refused.Text("code"), refused.Header("Retry-After")));
        (await customer.TryAdmitAsync(Requests.Image)).Refused(429, "TOO_MANY_REQUESTS");
        Assert.Equal("0", (await customer.Own.GetAsync("credits")).Is(200).Header("X-RateLimit-Remaining"));
    }

    [Theory]
    [InlineData("""{}""", "key")]
    [InlineData("""{"key": 1}""", "key")]
    [InlineData("""{"key": "x", "product": "bloom"}""", "product")]
    public async Task What_is_wrong_with_the_request_is_named(string request, string field) =>
        (await (await World.Shared).Service().PostAsync("keys/verify", request)).Names(field);

    private static async Task<Answer> VerifyAsync(Customer customer) =>
        (await customer.World.Service().PostAsync("keys/verify", Json.Of(new { key = customer.Key }))).Is(200);
}
