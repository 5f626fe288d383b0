using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Generations;

/// <summary><c>POST /generations/settle</c>.</summary>
public sealed class SettleManyTests
{
    [Fact]
    public async Task Each_is_answered_as_the_call_for_it_alone_would_be()
    {
        var world = await World.Shared;
        var (ada, bob) = (await world.CustomerAsync("bloom", "plus"), await world.CustomerAsync("bluma", "starter"));
        var ids = await IdsAsync(ada, 3);
        var video = (await bob.AdmitAsync(Requests.Four)).Text("id");
        var settled = (await SettleAsync(world.Service(), Completed(ids[0]), Failed(video), Failed(ids[1], "content_policy"), Failed(ids[0]), Completed(ids[0]), Completed("gen_x"), "7", $$"""{"id": "{{ids[2]}}", "outcome": "done"}""")).Is(200);
        settled.Shows($$"""
            {
              "index": 0, "status": "settled",
              "generation": {
                "id": "{{ids[0]}}", "status": "completed", "cost": 1, "charged": { "credits": 1, "overage_units": 0, "overage": null }, "credits": 57,
                "workspace_id": "{{ada.WorkspaceId}}", "test_mode": false, "entitlements": "*", "expires_at": "2025-11-01T01:00:00Z", "breakdown": "*",
                "units": 1, "succeeded_units": 1, "refunded": 0, "reason": null, "created_at": "2025-11-01T00:00:00Z", "settled_at": "2025-11-01T00:00:00Z", "key_id": "*", "member_id": "*"
              }
            }
            """, "results.0");
        Assert.Equal(("failed", "server_error", bob.WorkspaceId), (settled.Text("results.1.generation.status"), settled.Text("results.1.generation.reason"), settled.Text("results.1.generation.workspace_id")));
        Assert.Equal(("failed", 0), (settled.Text("results.2.generation.status"), settled.Number("results.2.generation.refunded")));
        settled.Shows("""{ "index": 3, "status": "refused", "code": "ALREADY_SETTLED", "detail": "The generation completed at 2025-11-01T00:00:00Z; that stands." }""", "results.3");
        Assert.Equal(settled.At("results.0.generation").GetRawText(), settled.At("results.4.generation").GetRawText());
        settled.Shows("""{ "index": 5, "status": "refused", "code": "NOT_FOUND", "detail": "There is no such generation." }""", "results.5");
        settled.Shows("""{ "index": 6, "status": "refused", "code": "INVALID_REQUEST", "detail": "item: must be an object", "errors": { "item": ["must be an object"] } }""", "results.6");
        settled.Shows("""{ "outcome": ["must be one of completed, failed"] }""", "results.7.errors");
        await bob.SeesCreditsAsync(100);
        Assert.Equal("running", (await ada.Own.GetAsync($"generations/{ids[2]}")).Text("status"));
        Assert.Equal(settled.At("results.0.generation").GetRawText(), (await world.Service().PostAsync($"generations/{ids[0]}/complete", "{}")).Is(200).Body);
    }

    [Fact]
    public async Task A_thousand_are_admitted_and_settled_and_a_repeat_is_answered_as_before_to_the_byte()
    {
        var world = await World.Shared;
        var customer = await world.CustomerAsync("bloom", "pro");
        await customer.GrantAsync(890);
        var body = $$"""{"items": [{{string.Join(',', Enumerable.Repeat(Requests.Small, 1_000))}}]}""";
        var batch = (await customer.Service.PostAsync("generations/batch", body, "order-1")).Is(201);
        Assert.Equal((0, 1_000), (batch.Number("credits"), batch.Number("charged.credits")));
        var ids = batch.At("results").EnumerateArray().Select(result => result.GetProperty("id").GetString()!).ToList();
        Assert.Equal(1_000, ids.Distinct().Count());
        Assert.Equal(1, (await customer.HistoryAsync("type=deduction")).Number("total"));
        await SameAsync();

        var settled = (await SettleAsync(world.Service(), [.. ids.Select((id, index) => index % 2 == 0 ? Completed(id) : Failed(id))])).Is(200);
        Assert.Equal(Enumerable.Range(0, 1_000), settled.At("results").EnumerateArray().Select(result => result.GetProperty("index").GetInt32()));
        Assert.Equal(ids, settled.At("results").EnumerateArray().Select(result => result.GetProperty("generation").GetProperty("id").GetString()));
        await SameAsync();
        await customer.SeesCreditsAsync(500);
        Assert.Equal(0, (await customer.CreditsAsync()).Number("running"));
        Assert.Equal(
            settled.At("results").EnumerateArray().Select(result => result.GetProperty("generation").GetProperty("settled_at").GetString()),
            (await SettleAsync(world.Service(), [.. ids.Select((id, index) => index % 2 == 0 ? Completed(id) : Failed(id))])).Is(200).At("results").EnumerateArray().Select(result => result.GetProperty("generation").GetProperty("settled_at").GetString()));

        async Task SameAsync()
        {
            var again = (await customer.Service.PostAsync("generations/batch", body, "order-1")).Is(201);
            Assert.Equal((batch.Body, "true"), (again.Body, again.Header("Idempotent-Replayed")));
        }
    }

    [Fact]
    public async Task A_customer_that_is_named_settles_its_own_alone()
    {
        var world = await World.Shared;
        var (ada, bob) = (await world.CustomerAsync("bloom", "plus"), await world.CustomerAsync("bloom", "plus"));
        var (hers, his) = ((await IdsAsync(ada, 1))[0], (await IdsAsync(bob, 1))[0]);
        var settled = (await SettleAsync(ada.Service, Completed(hers), Completed(his))).Is(200);
        Assert.Equal(("settled", "NOT_FOUND"), (settled.Text("results.0.status"), settled.Text("results.1.code")));
        Assert.Equal("running", (await bob.Own.GetAsync($"generations/{his}")).Text("status"));
        (await SettleAsync(ada.Own, Completed(hers))).Refused(403, "FORBIDDEN");
    }

    [Fact]
    public async Task A_key_of_the_test_environment_settles_nothing_that_is_live()
    {
        var world = await World.Shared;
        var customer = await world.CustomerAsync("bloom", "plus");
        var live = (await IdsAsync(customer, 1))[0];
        var settled = (await customer.NamedTest.PostAsync("generations/settle", $$"""{"items": [{{Completed(live)}}]}""")).Is(200);
        Assert.Equal("NOT_FOUND", settled.Text("results.0.code"));
    }

    [Theory]
    [InlineData("""{}""", "items")]
    [InlineData("""{"items": []}""", "items")]
    [InlineData("""{"items": [{"id": "gen_x", "outcome": "completed"}], "mode": "best_effort"}""", "mode")]
    public async Task What_is_wrong_with_all_of_it_is_named(string body, string field) =>
        (await (await World.Shared).Service().PostAsync("generations/settle", body)).Names(field);

    [Theory]
    [InlineData("""{"outcome": "completed"}""", "id")]
    [InlineData("""{"id": "gen_x"}""", "outcome")]
    [InlineData("""{"id": "gen_x", "outcome": "failed"}""", "reason")]
    [InlineData("""{"id": "gen_x", "outcome": "failed", "reason": "boredom"}""", "reason")]
    [InlineData("""{"id": "gen_x", "outcome": "completed", "succeeded_units": -1}""", "succeeded_units")]
    [InlineData("""{"id": "gen_x", "outcome": "completed", "reason": "server_error"}""", "reason")]
    [InlineData("""{"id": "gen_x", "outcome": "failed", "reason": "server_error", "succeeded_units": 1}""", "succeeded_units")]
    public async Task What_is_wrong_with_an_item_is_told_in_its_own_place(string item, string field)
    {
        var settled = (await SettleAsync((await World.Shared).Service(), item)).Is(200);
        Assert.Equal("INVALID_REQUEST", settled.Text("results.0.code"));
        Assert.Equal(field, Assert.Single(settled.At("results.0.errors").EnumerateObject()).Name);
    }

    [Fact]
    public async Task A_thousand_items_and_512_KiB_are_the_most()
    {
        var service = (await World.Shared).Service();
        (await SettleAsync(service, [.. Enumerable.Repeat(Completed("gen_x"), 1_001)])).Names("items");
        var body = $$"""{"items": [{{Completed("gen_x")}}]}""";
        (await service.PostAsync("generations/settle", body.PadRight(512 * 1024))).Is(200);
        (await service.PostAsync("generations/settle", body.PadRight(512 * 1024 + 1))).Refused(413, "FILE_TOO_LARGE").Shows("\"The request body is larger than 524288 bytes.\"", "detail");
    }

    [Fact]
    public async Task What_a_batch_would_take_in_storage_is_bounded_and_nothing_is_charged_beyond_it()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom", "pro");
        (await BatchAsync(customer, Enumerable.Range(0, 24).Select(item => Wordy(item, 'ß')))).Refused(413, "FILE_TOO_LARGE").Shows("\"What this would store is too large for one transaction: together it may take 4 MiB, and any 25 items that follow each other 384 KiB. Send it in smaller parts.\"", "detail");
        Assert.Equal((110, 0), (await customer.LeftAsync(), (await customer.HistoryAsync("type=deduction")).Number("total")));
        Assert.Equal(45, (await BatchAsync(customer, Enumerable.Range(0, 45).Select(item => Wordy(item, 's')))).Is(201).At("results").GetArrayLength());

        // A letter of two bytes, as it comes and as it is stored; no two items have the same to say.
        static string Wordy(int item, char letter) =>
            "{\"size\": \"2K\", \"metadata\": {" + string.Join(',', Enumerable.Range(0, 20).Select(number => $"\"{number}\": \"{item}{new string(letter, 490)}\"")) + "}}";
    }

    [Fact]
    public async Task Where_storage_is_bounded_the_body_of_a_batch_may_have_512_KiB()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom", "pro");
        var body = $$"""{"items": [{{Requests.Small}}]}""";
        (await customer.Service.PostAsync("generations/batch", body.PadRight(512 * 1024))).Is(201);
        (await customer.Service.PostAsync("generations/batch", body.PadRight(512 * 1024 + 1))).Refused(413, "FILE_TOO_LARGE");
    }

    private static Task<Answer> BatchAsync(Customer customer, IEnumerable<string> items) => customer.Service.PostAsync("generations/batch", $$"""{"items": [{{string.Join(',', items)}}]}""");

    private static async Task<List<string>> IdsAsync(Customer customer, int count) =>
        [.. (await BatchAsync(customer, Enumerable.Repeat(Requests.Small, count))).Is(201).At("results").EnumerateArray().Select(result => result.GetProperty("id").GetString()!)];

    private static Task<Answer> SettleAsync(Client client, params string[] items) => client.PostAsync("generations/settle", $$"""{"items": [{{string.Join(',', items)}}]}""");

    private static string Completed(string id) => Json.Of(new { id, outcome = "completed" });

    private static string Failed(string id, string reason = "server_error") => Json.Of(new { id, outcome = "failed", reason });
}
