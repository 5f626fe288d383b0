using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Generations;

/// <summary><c>POST /generations</c> and <c>GET /generations/{id}</c>.</summary>
public sealed class AdmitTests
{
    [Fact]
    public async Task An_admission_is_charged_and_tells_all_about_it()
    {
        var customer = await (await World.Shared).CustomerAsync("bluma", "pro");
        var admitted = await customer.TryAdmitAsync("""
            {"template_id": "product-showcase", "resolution": "4K", "duration": 60, "complexity": "advanced", "description": "Spring sale", "metadata": {"campaign": "spring"}}
            """);
        admitted.Is(201).Shows(Expected(customer, ", \"credits\": 473"));
        (await customer.Own.GetAsync($"generations/{admitted.Text("id")}")).Is(200).Shows(Expected(customer, ""));
        (await customer.HistoryAsync("limit=1")).Shows(
            $$"""
            {
              "template_id": "product-showcase", "resolution": "4K", "duration": 60, "complexity": "advanced",
              "generation_id": "{{admitted.Text("id")}}", "campaign": "spring", "description": "Spring sale"
            }
            """,
            "transactions.0.metadata");
        Assert.Equal("Spring sale", (await customer.HistoryAsync("limit=1")).Text("transactions.0.description"));
    }

    [Fact]
    public async Task A_generation_that_credits_do_not_cover_takes_them_and_is_one_overage_unit()
    {
        var customer = await (await World.Shared).CustomerAsync("bluma", "starter");
        await customer.AdmitAsync(Requests.Ninety);
        var admitted = await customer.AdmitAsync(Requests.TwentySeven);
        admitted.Shows("""{ "credits": 10, "overage_units": 1, "overage": { "amount_minor": 50, "currency": "USD" } }""", "charged");
        Assert.Equal((27, 0), (admitted.Number("cost"), admitted.Number("credits")));
        (await customer.AdmitAsync(Requests.Six)).Shows("""{ "credits": 0, "overage_units": 1, "overage": { "amount_minor": 50, "currency": "USD" } }""", "charged");
    }

    [Fact]
    public async Task The_workspace_and_the_variants_may_be_spelled_as_Bloom_does()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        var admitted = await customer.AdmitAsync($$"""{"size": "4K", "variantCount": 3, "workspaceId": "{{customer.WorkspaceId}}"}""");
        Assert.Equal((6, customer.WorkspaceId), (admitted.Number("cost"), admitted.Text("workspace_id")));
        Assert.Equal(4, (await customer.Own.GetAsync($"credits?workspace_id={customer.WorkspaceId}")).Is(200).Number("credits"));
        (await customer.TryAdmitAsync("""{"size": "4K", "variantCount": 3, "variant_count": 3}""")).Names("variant_count");
    }

    [Fact]
    public async Task Metadata_has_room_for_twenty_strings()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom", "pro");
        await customer.AdmitAsync(Json.Of(new { size = "2K", metadata = Enumerable.Range(0, 20).ToDictionary(i => $"m{i}", i => $"{i}") }));
        (await customer.TryAdmitAsync(Json.Of(new { size = "2K", metadata = Enumerable.Range(0, 21).ToDictionary(i => $"m{i}", i => $"{i}") }))).Names("metadata");
        (await customer.TryAdmitAsync("""{"size": "2K", "metadata": {"n": 1}}""")).Names("metadata.n");
        (await customer.TryAdmitAsync("""{"size": "2K", "metadata": ["n"]}""")).Names("metadata");
    }

    [Fact]
    public async Task Metadata_never_hides_what_the_charge_was_computed_from()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        var admitted = await customer.AdmitAsync("""{"size": "4K", "metadata": {"size": "2K", "generation_id": "gen_other"}}""");
        (await customer.HistoryAsync("limit=1")).Shows(
            $$"""{ "size": "4K", "variant_count": 1, "generation_id": "{{admitted.Text("id")}}", "caller_size": "2K", "caller_generation_id": "gen_other" }""",
            "transactions.0.metadata");
    }

    [Fact]
    public async Task Credits_that_expire_first_are_spent_first_then_bonus_then_top_ups()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom", "plus");
        await customer.TopUpAsync(20);
        await customer.GrantAsync(5, "2025-11-15T00:00:00Z");
        foreach (var (size, variants, left) in new[] { ("2K", 4, "81 50 20 11"), ("2K", 2, "79 49 20 10"), ("4K", 20, "39 9 20 10"), ("2K", 19, "20 0 20 0"), ("2K", 1, "19 0 19 0") })
        {
            await customer.AdmitAsync(Requests.Bloom(size, variants));
            var credits = await customer.CreditsAsync();
            Assert.Equal(left, string.Join(' ', new[] { "credits", "plan_credits", "top_up_credits", "bonus_credits" }.Select(credits.Text)));
        }
    }

    [Fact]
    public async Task A_generation_of_nobody_is_not_found()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        var id = (await customer.AdmitAsync(Requests.Small)).Text("id");
        foreach (var unknown in new[] { "gen_x", "x", id[..^1] + (id[^1] == '0' ? '1' : '0'), id + "-7", "gen_" + new string('z', 26), new string('a', 2_000) })
        {
            (await customer.Own.GetAsync($"generations/{unknown}")).Refused(404, "NOT_FOUND");
        }
    }

    private static string Expected(Customer customer, string credits) => $$"""
        {
          "id": "gen_*", "status": "running", "cost": 27, "charged": { "credits": 27, "overage_units": 0, "overage": null }{{credits}},
          "workspace_id": "{{customer.WorkspaceId}}", "test_mode": false,
          "entitlements": {
            "watermark": false, "quality": "full", "priority": "high", "support": "priority", "custom_branding": true, "custom_templates": false, "sla": false
          },
          "expires_at": "2025-11-01T01:00:00Z",
          "breakdown": [{ "factor": "base", "value": 3 }, { "factor": "duration", "value": 2 }, { "factor": "resolution", "value": 3 }, { "factor": "complexity", "value": 1.5 }],
          "description": "Spring sale", "metadata": { "campaign": "spring" }, "units": 1, "succeeded_units": null, "refunded": 0, "reason": null, "created_at": "2025-11-01T00:00:00Z", "settled_at": null, "key_id": "*", "member_id": "*"
        }
        """;
}
