using System.Text.Json;

namespace Billing.Client.Tests;

/// <summary>Each method sends what the API reads.</summary>
public sealed class RequestTests
{
    private const string Key = "customer-key";
    private static readonly GenerationRequest Images = new()
    {
        Parameters = { ["size"] = "4K", ["variant_count"] = 3 },
        WorkspaceId = "ws_1",
        Quote = "qt_1",
        Description = "Spring",
        Metadata = { ["order"] = "42" },
    };

    public static TheoryData<string, Func<BillingClient, Task>, string, string> Calls => new()
    {
        { Wire.Running, client => client.AdmitAsync(Key, new GenerationRequest()), "POST /api/v1/generations", "{}" },
        { Wire.Running, client => client.CompleteAsync("gen_1"), "POST /api/v1/generations/gen_1/complete", "{}" },
        { Wire.Running, client => client.CompleteAsync("gen_1", 2), "POST /api/v1/generations/gen_1/complete", """{"succeeded_units":2}""" },
        { Wire.Running, client => client.FailAsync("gen_1", FailReasons.ServerError), "POST /api/v1/generations/gen_1/fail", """{"reason":"server_error"}""" },
        {
            "{\"results\": []}", client => client.SettleAsync([Settlement.Completed("gen_1"), Settlement.Completed("gen_2", 2), Settlement.Failed("gen_3", FailReasons.UserError)]), "POST /api/v1/generations/settle",
            "{\"items\":[{\"id\":\"gen_1\",\"outcome\":\"completed\"},{\"id\":\"gen_2\",\"outcome\":\"completed\",\"succeeded_units\":2},{\"id\":\"gen_3\",\"outcome\":\"failed\",\"reason\":\"user_error\"}]}"
        },
        { Wire.Running, client => client.HeartbeatAsync("gen_1"), "POST /api/v1/generations/gen_1/heartbeat", "{}" },
        { Wire.Running, client => client.GetGenerationAsync(Key, "gen_1"), "GET /api/v1/generations/gen_1", "" },
        { Wire.Running, client => client.HeartbeatAsync("../credits?x"), "POST /api/v1/generations/..%2Fcredits%3Fx/heartbeat", "{}" },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Method_path_and_body(string answer, Func<BillingClient, Task> call, string request, string body)
    {
        var wire = new Wire(Wire.Says(200, answer));
        await call(wire.Client());
        Assert.Equal((request, body), (wire.Sent.Single().Request, wire.Sent.Single().Body));
        Assert.Equal($"Bearer {Wire.ServiceKey}", wire.Sent.Single().Headers["Authorization"]);
    }

    [Fact]
    public async Task Admitting_passes_on_the_customers_key_and_names_the_attempt()
    {
        var wire = new Wire(Wire.Says(201, Wire.Running));
        await wire.Client().AdmitAsync(Key, Images, "order-42");
        Assert.Equal((Key, "order-42"), (wire.Sent[0].Headers["X-Api-Key"], wire.Sent[0].Headers["Idempotency-Key"]));
        Assert.Equal("""{"size":"4K","variant_count":3,"workspace_id":"ws_1","quote":"qt_1","description":"Spring","metadata":{"order":"42"}}""", wire.Sent[0].Body);
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, "true")]
    public async Task A_workspace_is_named_in_place_of_a_key(bool testMode, string? header)
    {
        var wire = new Wire(Wire.Says(201, Wire.Running));
        await wire.Client().AdmitAsync(Customer.OfWorkspace("ws_1", testMode), Images, "order-42");
        Assert.Equal(("ws_1", header), (wire.Sent[0].Headers["X-Workspace-Id"], wire.Sent[0].Headers.GetValueOrDefault("X-Test-Mode")));
        Assert.DoesNotContain("X-Api-Key", wire.Sent[0].Headers.Keys);
    }

    [Fact]
    public async Task The_sellers_own_id_is_named_in_any_letters_and_its_account_is_opened_by_the_body()
    {
        var wire = new Wire(Wire.Says(201, Wire.Running));
        var customer = Customer.OfExternalId("Zoë/1 %", "bloom", testMode: true).OrCreate(new NewCustomer("bloom") { Email = "zoe@example.com" });
        await wire.Client().AdmitAsync(customer, new GenerationRequest { Parameters = { ["size"] = "4K" } });
        var headers = wire.Sent[0].Headers;
        Assert.Equal(("Zo%C3%AB%2F1%20%25", "bloom", "true"), (headers["X-External-Id"], headers["X-Product"], headers["X-Test-Mode"]));
        Assert.Equal("""{"size":"4K","create":{"product":"bloom","email":"zoe@example.com"}}""", wire.Sent[0].Body);
    }

    [Fact]
    public void Only_who_is_named_by_the_sellers_id_can_be_opened() =>
        Assert.Throws<InvalidOperationException>(() => Customer.OfWorkspace("ws_1").OrCreate(new NewCustomer("bloom")));

    [Fact]
    public async Task A_list_asks_for_what_its_filter_says()
    {
        var wire = new Wire(Wire.Says(200, """{"generations": [], "next_cursor": "a/b"}"""), Wire.Says(200, """{"generations": [], "next_cursor": null}"""));
        var filter = new GenerationFilter { Status = GenerationStatus.Failed, From = new DateTimeOffset(2025, 11, 1, 1, 0, 0, TimeSpan.FromHours(1)), KeyId = "key_1", PageSize = 7 };
        Assert.Empty(await wire.Client().ListGenerationsAsync(Key, filter).ToListAsync());
        const string First = "GET /api/v1/generations?status=failed&from=2025-11-01T00%3A00%3A00.000Z&key_id=key_1&limit=7";
        Assert.Equal([First, $"{First}&cursor=a%2Fb"], wire.Sent.Select(sent => sent.Request));
    }

    [Fact]
    public async Task One_request_can_stand_in_a_batch_twice_and_be_used_again()
    {
        const string Answer = """{"id": "batch_1", "charged": {"credits": 0, "overage_units": 0, "overage": null}, "credits": 1, "workspace_id": "ws_1", "test_mode": false, "results": []}""";
        var wire = new Wire(Wire.Says(200, Answer), Wire.Says(200, Answer));
        await wire.Client().AdmitBatchAsync(Key, [Images, Images]);
        await wire.Client().AdmitBatchAsync(Key, [Images], BatchMode.BestEffort);
        using var first = JsonDocument.Parse(wire.Sent[0].Body);
        Assert.Equal(("all_or_nothing", 2), (first.RootElement.GetProperty("mode").GetString(), first.RootElement.GetProperty("items").GetArrayLength()));
        Assert.Contains("\"best_effort\"", wire.Sent[1].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_generation_without_a_name_is_the_programs_mistake()
    {
        var wire = new Wire();
        await Assert.ThrowsAsync<ArgumentException>(() => wire.Client().CompleteAsync(""));
    }

    [Fact]
    public async Task An_attempt_whose_name_no_header_can_carry_is_the_programs_mistake()
    {
        var wire = new Wire();
        await Assert.ThrowsAsync<ArgumentException>(() => wire.Client().AdmitAsync(Key, Images, "Bestellung für 42"));
        Assert.Empty(wire.Sent);
    }

    [Theory]
    [InlineData("schlüssel")]
    [InlineData("key\r\nX-Other: 1")]
    public async Task A_key_that_no_header_can_carry_is_the_customers_mistake(string key)
    {
        var wire = new Wire();
        var refused = Assert.IsType<Admission.Refused>(await wire.Client().AdmitAsync(key, Images));
        Assert.Equal((401, ProblemCodes.Unauthorized), (refused.Problem.Status, refused.Problem.Code));
        Assert.Empty(wire.Sent);
    }
}
