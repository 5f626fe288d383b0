using Billing.Api.Callers;
using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Access;

/// <summary>A service key that is bound to products reaches nothing of others.</summary>
public sealed class BoundServiceKeyTests
{
    private const string BoundKey = "sk_service_of_the_tests_that_is_bound";
    private static readonly Lazy<Task<World>> Bound = new(() => World.StartAsync(settings: new Dictionary<string, string>
    {
        ["Billing__ServiceKeys__1"] = BoundKey,
        ["Billing__ServiceKeys__1__Products"] = "bloom, gleam",
    }));

    [Fact]
    public async Task What_is_of_its_products_is_there()
    {
        var world = await Bound.Value;
        var customer = await world.CustomerAsync("bloom", "plus");
        foreach (var client in new[] { world.AnyoneAt(0).As(BoundKey, customer.Key), world.AnyoneAt(0).As(BoundKey) with { Workspace = customer.WorkspaceId } })
        {
            var id = (await client.PostAsync("generations", Requests.Small)).Is(201).Text("id");
            (await client.GetAsync("credits")).Is(200);
            (await world.AnyoneAt(0).As(BoundKey).PostAsync($"generations/{id}/complete", "{}")).Is(200);
        }

        Assert.Equal("true", (await world.AnyoneAt(0).As(BoundKey).PostAsync("keys/verify", Json.Of(new { key = customer.Key }))).Is(200).Text("valid"));
    }

    [Fact]
    public async Task What_is_of_another_product_is_not()
    {
        var world = await Bound.Value;
        var (customer, service) = (await world.CustomerAsync("bluma", "pro"), world.AnyoneAt(0).As(BoundKey));
        var id = (await customer.AdmitAsync(Requests.Four)).Text("id");
        foreach (var client in new[] { service with { ApiKey = customer.Key }, service with { Workspace = customer.WorkspaceId } })
        {
            (await client.PostAsync("generations", Requests.Four)).Refused(404, "NOT_FOUND");
            (await client.PostAsync("generations/batch", $$"""{"items": [{{Requests.Four}}]}""")).Refused(404, "NOT_FOUND");
            (await client.GetAsync("credits")).Refused(404, "NOT_FOUND");
            (await client.GetAsync("workspaces")).Refused(404, "NOT_FOUND");
            (await client.GetAsync($"generations/{id}")).Refused(404, "NOT_FOUND");
            (await client.PostAsync($"generations/{id}/complete", "{}")).Refused(404, "NOT_FOUND");
        }

        foreach (var (verb, body) in new[] { ("complete", "{}"), ("fail", """{"reason": "server_error"}"""), ("heartbeat", "{}") })
        {
            (await service.PostAsync($"generations/{id}/{verb}", body)).Refused(404, "NOT_FOUND");
        }

        var many = (await service.PostAsync("generations/settle", Json.Of(new { items = new[] { new { id, outcome = "completed" } } }))).Is(200);
        Assert.Equal("NOT_FOUND", many.Text("results.0.code"));

        // As a key that there is not.
        (await service.PostAsync("keys/verify", Json.Of(new { key = customer.Key }))).Is(200).Shows(
            """{ "valid": false, "code": "UNAUTHORIZED", "workspace_id": null, "environment": null, "entitlements": {} }""");
        Assert.Equal("5000", (await customer.Named.GetAsync("credits")).Is(200).Header("X-RateLimit-Remaining"));
        await customer.CompleteAsync(await customer.AdmitAsync(Requests.Four));
        Assert.Equal("running", (await customer.Own.GetAsync($"generations/{id}")).Is(200).Text("status"));
    }

    [Fact]
    public async Task Neither_is_an_answer_that_is_stored_there()
    {
        var world = await Bound.Value;
        var (customer, service) = (await world.CustomerAsync("bluma", "pro"), world.AnyoneAt(0).As(BoundKey));
        var id = (await customer.AdmitAsync(Requests.Four)).Text("id");
        (await world.Service().PostAsync($"generations/{id}/complete", "{}", "key-1")).Is(200);
        (await service.PostAsync($"generations/{id}/complete", "{}", "key-1")).Refused(404, "NOT_FOUND");
        (await service.PostAsync($"generations/{id}/complete", """{"succeeded_units": 1}""", "key-1")).Refused(404, "NOT_FOUND");
        var own = await world.CustomerAsync("bloom", "plus");
        var body = Json.Of(new { workspace_id = customer.WorkspaceId, template_id = "news-anchor" });
        (await customer.AdmitAsync(body, "key-2")).Is(201);
        (await (service with { ApiKey = own.Key }).PostAsync("generations", body, "key-2")).Refused(404, "NOT_FOUND");
        (await (service with { Workspace = own.WorkspaceId }).PostAsync("generations", body, "key-2")).Refused(404, "NOT_FOUND");
        // Nor for a service that reaches it and names another workspace.
        (await own.Named.PostAsync("generations", body, "key-2")).Refused(404, "NOT_FOUND");
        (await own.Named.PostAsync($"generations/{id}/complete", "{}", "key-1")).Refused(404, "NOT_FOUND");
        (await customer.Named.PostAsync($"generations/{id}/complete", "{}", "key-1")).Is(200);
    }

    [Fact]
    public async Task What_was_begun_for_a_key_that_is_dead_is_ended_where_the_generation_is_within_reach()
    {
        var world = await Bound.Value;
        foreach (var (customer, body, status) in new[] { (await world.CustomerAsync("bloom", "plus"), Requests.Small, 200), (await world.CustomerAsync("bluma", "pro"), Requests.Four, 404) })
        {
            var id = (await customer.AdmitAsync(body)).Text("id");
            (await customer.Session.DeleteAsync($"api-keys/{customer.KeyId}")).Is(200);
            (await world.AnyoneAt(0).As(BoundKey, customer.Key).PostAsync($"generations/{id}/complete", "{}")).Is(status);
        }
    }

    [Fact]
    public void The_key_that_matched_is_told_apart()
    {
        var secrets = new Secrets(["first", "second", "third"]);
        Assert.Equal([0, 1, 2, -1, -1], new[] { "first", "second", "third", "fourth", "" }.Select(secrets.PlaceOf));
        Assert.Equal(-1, new Secrets([]).PlaceOf("first"));
    }
}
