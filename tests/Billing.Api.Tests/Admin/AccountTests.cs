using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Admin;

/// <summary><c>/admin/accounts</c>.</summary>
public sealed class AccountTests
{
    [Fact]
    public async Task An_account_has_a_personal_workspace()
    {
        var world = await World.Shared;
        (await world.Operator.PostAsync("admin/accounts", """{"product": "bluma", "name": "Ada", "email": "ada@example.com"}""")).Is(201).Shows(
            """{ "account_id": "acct_*", "workspace_id": "ws_*" }""");
        var enterprise = (await world.Operator.PostAsync("admin/accounts", """{"product": "bluma", "name": "Ada", "email": "ada@example.com", "plan": "enterprise", "credits": 4000}""")).Is(201);
        var customer = await world.CustomerAsync("bluma", enterprise.Text("account_id"), enterprise.Text("workspace_id"));
        Assert.Equal(4_000, await customer.LeftAsync());
    }

    [Fact]
    public async Task An_account_is_found_by_the_sellers_own_id()
    {
        var world = await World.Shared;
        var externalId = $"user {Guid.NewGuid()} ü/?#";
        Assert.Equal(0, (await FindAsync(world, externalId)).At("accounts").GetArrayLength());
        var account = (await world.Operator.PostAsync("admin/accounts", Json.Of(new { product = "bluma", name = "Ada", email = "ada@example.com", external_id = externalId }))).Is(201);
        (await FindAsync(world, externalId)).Shows($$"""
            {
              "accounts": [
                {
                  "account_id": "{{account.Text("account_id")}}", "product": "bluma", "name": "Ada", "email": "ada@example.com",
                  "external_id": {{System.Text.Json.JsonSerializer.Serialize(externalId)}}, "workspace_id": "{{account.Text("workspace_id")}}",
                  "plan": "free", "plan_status": "active", "created_at": "2025-11-01T00:00:00Z"
                }
              ],
              "next_cursor": null
            }
            """);
        (await world.Operator.PostAsync("admin/accounts", Json.Of(new { product = "bluma", name = "Bob", email = "bob@example.com", external_id = externalId }))).Refused(409, "CONFLICT");
        await world.Operator.PostAsync("admin/accounts", Json.Of(new { product = "bloom", name = "Ada", email = "ada@example.com", external_id = externalId }));
        Assert.Equal(2, (await FindAsync(world, externalId)).At("accounts").GetArrayLength());
        (await world.Operator.GetAsync("admin/accounts?external_id=")).Names("external_id");
    }

    [Fact]
    public async Task One_Idempotency_Key_makes_one_account_and_is_not_good_for_another()
    {
        var world = await World.Shared;
        var key = Guid.NewGuid().ToString();
        var externalId = Guid.NewGuid();
        var first = await world.Operator.PostAsync("admin/accounts", Body("Ada", null), key);
        Assert.Equal(first.Is(201).Body, (await world.Operator.PostAsync("admin/accounts", Body("Ada", null), key)).Is(201).Body);
        (await world.Operator.PostAsync("admin/accounts", Body("Ada", "pro"), key)).Refused(422, "IDEMPOTENCY_KEY_REUSED");
        (await world.Operator.PostAsync("admin/accounts", Body("Bob", null), key)).Refused(422, "IDEMPOTENCY_KEY_REUSED");
        (await world.Operator.PostAsync("admin/accounts", Body("Bob", null), key + "2")).Refused(409, "CONFLICT");

        string Body(string name, string? plan) => Json.Of(new { product = "bloom", name, email = "ada@example.com", external_id = externalId, plan });
    }

    [Fact]
    public async Task The_same_external_id_at_once_makes_one_account()
    {
        var world = await World.Shared;
        var body = Json.Of(new { product = "bloom", name = "Ada", email = "ada@example.com", external_id = Guid.NewGuid() });
        var key = Guid.NewGuid().ToString();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => world.Operator.PostAsync("admin/accounts", body, key)));
        Assert.Single(answers.Select(answer => answer.Is(201).Body).Distinct());
    }

    private static async Task<Answer> FindAsync(World world, string externalId) =>
        (await world.Operator.GetAsync($"admin/accounts?external_id={Uri.EscapeDataString(externalId)}")).Is(200);
}
