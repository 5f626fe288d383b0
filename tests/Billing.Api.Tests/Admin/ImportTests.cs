using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Admin;

/// <summary><c>POST /admin/imports</c>.</summary>
public sealed class ImportTests
{
    private const string Rows = """
        [
          {"external_id": "cus_1", "name": "Ada", "product": "bluma", "plan": "starter", "started_at": "2025-01-31T12:00:00Z", "plan_credits_left": 40,
           "grants": [{"credits": 100, "paid": {"amount_minor": 1000, "currency": "USD"}}, {"credits": 2.5, "expires_at": "2025-12-24T00:00:00Z"}]},
          {"external_id": "cus_2", "name": "Ben", "email": "ben@example.com", "product": "bloom", "plan": "scale", "credits": 500, "started_at": "2025-10-14T00:00:00Z"},
          {"external_id": "cus_3", "name": "Cem", "product": "bluma", "plan": "starter", "credits": 7},
          {"external_id": "cus_4", "name": "Dia", "product": "bloom", "grants": [{"credits": 3}]}
        ]
        """;

    [Fact]
    public async Task Customers_come_with_their_credits_and_anniversaries_once()
    {
        await using var world = await World.StartAsync();
        var dry = (await ImportAsync(world, Rows, dryRun: true)).Is(200);
        Assert.Equal((4, 4, 0, 0, 652.5m), Totals(dry));
        Assert.Equal("null", dry.Text("audit"));
        Assert.Equal(0, (await world.Operator.GetAsync("admin/accounts")).At("accounts").GetArrayLength());

        var done = (await ImportAsync(world, Rows)).Is(200);
        Assert.Equal((4, 4, 0, 0, 652.5m), Totals(done));
        Assert.Equal((4, 0), (done.Number("audit.workspaces"), done.At("audit.failed").GetArrayLength()));
        var ada = (await world.ServiceForExternal("cus_1").GetAsync("credits")).Is(200);
        Assert.Equal((142.5m, 40, 100, 2.5m, "2025-11-30T12:00:00Z"), (ada.Number("credits"), ada.Number("plan_credits"), ada.Number("top_up_credits"), ada.Number("bonus_credits"), ada.Text("renews_at")));
        var ben = (await world.ServiceForExternal("cus_2").GetAsync("credits")).Is(200);
        Assert.Equal((500, 500, "2025-11-14T00:00:00Z"), (ben.Number("credits"), ben.Number("monthly_allowance"), ben.Text("renews_at")));
        Assert.Equal(7, (await world.ServiceForExternal("cus_3").GetAsync("credits")).Is(200).Number("plan_credits"));
        Assert.Equal(3, (await world.ServiceForExternal("cus_4").GetAsync("credits")).Is(200).Number("credits"));

        // The second run changes nothing and says so; another row for the same customer is refused.
        var again = (await ImportAsync(world, Rows)).Is(200);
        Assert.Equal((4, 0, 4, 0, 652.5m), Totals(again));
        Assert.Equal(done.At("results").EnumerateArray().Select(row => row.GetProperty("account_id").GetString()), again.At("results").EnumerateArray().Select(row => row.GetProperty("account_id").GetString()));
        var other = (await ImportAsync(world, """[{"external_id": "cus_4", "name": "Dia", "product": "bloom", "grants": [{"credits": 4}]}]""")).Is(200);
        Assert.Equal(("refused", "CONFLICT"), (other.Text("results.0.status"), other.Text("results.0.code")));
        Assert.Equal(3, (await world.ServiceForExternal("cus_4").GetAsync("credits")).Number("credits"));

        // Nobody was told, and time goes on as it would have.
        await world.QuietAsync();
        Assert.Equal(0, (await world.Operator.GetAsync("admin/events")).At("events").GetArrayLength());
        Assert.Equal(4, (await world.Operator.GetAsync("admin/accounts")).At("accounts").GetArrayLength());
        await world.MoveAsync("2025-11-30T12:00:00Z");
        Assert.Equal(202.5m, (await world.ServiceForExternal("cus_1").GetAsync("credits")).Number("credits"));
    }

    [Fact]
    public async Task What_was_imported_is_unchanged_also_when_it_has_ended()
    {
        await using var world = await World.StartAsync();
        const string Row = """[{"external_id": "cus_1", "name": "Ada", "product": "bloom", "grants": [{"credits": 3, "expires_at": "2025-11-02T00:00:00Z"}]}]""";
        (await ImportAsync(world, Row)).Is(200);
        await world.MoveAsync("2025-11-03T00:00:00Z");
        Assert.Equal((1, 0, 1, 0, 3m), Totals((await ImportAsync(world, Row)).Is(200)));
    }

    [Fact]
    public async Task A_wrong_row_is_refused_by_itself()
    {
        await using var world = await World.StartAsync();
        var done = (await ImportAsync(world, """
            [
              {"external_id": "a", "name": "Ada", "product": "bloom"},
              {"external_id": "b", "name": "", "product": "bloom"},
              {"external_id": "c", "name": "Cem", "product": "nonsense"},
              {"external_id": "d", "name": "Dia", "product": "bluma", "plan": "starter", "plan_credits_left": 101},
              {"external_id": "e", "name": "Eva", "product": "bluma", "plan": "starter", "started_at": "2026-01-01T00:00:00Z"},
              {"external_id": "f", "name": "Fay", "product": "bloom", "grants": [{"credits": 1, "expires_at": "2025-10-01T00:00:00Z"}]},
              {"external_id": "g", "name": "Gus", "product": "bloom", "grants": [{"credits": 1, "exipres_at": "2026-10-01T00:00:00Z"}]},
              {"external_id": "a", "name": "Ada", "product": "bloom"},
              {"name": "Nobody", "product": "bloom"}
            ]
            """)).Is(200);
        Assert.Equal((9, 1, 0, 8), (done.Number("totals.rows"), done.Number("totals.created"), done.Number("totals.unchanged"), done.Number("totals.refused")));
        var fields = done.At("results").EnumerateArray().Select(row => row.TryGetProperty("errors", out var errors) ? errors.EnumerateObject().First().Name : row.TryGetProperty("code", out var code) ? code.GetString() : "").ToList();
        Assert.Equal(["", "name", "product", "plan_credits_left", "started_at", "grants[0].expires_at", "grants[0].exipres_at", "CONFLICT", "external_id"], fields);
        Assert.Equal(1, (await world.Operator.GetAsync("admin/accounts")).At("accounts").GetArrayLength());
        (await world.Operator.PostAsync("admin/imports", """{"rows": []}""")).Names("rows");
        (await world.Operator.PostAsync("admin/imports", """{"rows": [{}], "dryrun": true}""")).Names("dryrun");
    }

    [Fact]
    public async Task The_same_rows_from_two_sides_at_once_have_their_effect_once()
    {
        await using var world = await World.StartAsync(hosts: 2);
        var rows = Json.Of(Enumerable.Range(0, 40).Select(number => new { external_id = $"cus_{number}", name = "Ada", product = "bluma", plan = "starter", plan_credits_left = number }));
        var answers = await Task.WhenAll(Enumerable.Range(0, 2).Select(host => world.OperatorAt(host).PostAsync("admin/imports", $$"""{"rows": {{rows}}}""")));
        Assert.Equal(40, answers.Sum(answer => answer.Is(200).Number("totals.created")));
        Assert.Equal(40, answers.Sum(answer => answer.Number("totals.unchanged")));
        Assert.All(answers, answer => Assert.Equal((780, 0), (answer.Number("totals.credits"), answer.At("audit.failed").GetArrayLength())));
        for (var number = 0; number < 40; number += 13)
        {
            Assert.Equal(number, (await world.ServiceForExternal($"cus_{number}").GetAsync("credits")).Number("credits"));
        }
    }

    private static Task<Answer> ImportAsync(World world, string rows, bool dryRun = false) =>
        world.Operator.PostAsync("admin/imports", $$"""{"dry_run": {{(dryRun ? "true" : "false")}}, "rows": {{rows}}}""");

    private static (int, int, int, int, decimal) Totals(Answer answer) => (
        (int)answer.Number("totals.rows"), (int)answer.Number("totals.created"), (int)answer.Number("totals.unchanged"), (int)answer.Number("totals.refused"), answer.Number("totals.credits"));
}
