using System.Text.Json;
using Billing.Api.Admin;
using Billing.Api.Tests.Telemetry;
using Billing.Engine.Ports;

namespace Billing.Api.Tests.Admin;

/// <summary>Ten thousand customers that move.</summary>
public sealed class ManyImportsTests
{
    private const int Many = 10_000;
    private const int AtOnce = 1_000;

    [Fact]
    public async Task Ten_thousand_customers_are_imported_and_a_second_run_changes_no_row()
    {
        await using var backstage = new Backstage();
        var (sum, first) = (Enumerable.Range(0, Many).Sum(Credits), await ImportAsync(backstage));
        Assert.Equal((Many, Many, 0, sum), (first.Rows, first.Created, first.Unchanged, first.Credits));
        var rows = Everything(backstage);
        var before = backstage.Store.Calls;
        var second = await ImportAsync(backstage);
        Assert.Equal((Many, 0, Many, sum), (second.Rows, second.Created, second.Unchanged, second.Credits));
        Assert.Equal((0, 0), ((backstage.Store.Calls - before).Commits, (backstage.Store.Calls - before).Writes));
        Assert.Equal(rows, Everything(backstage));

        // The sum of what the workspaces have is the source's, by what is stored.
        var stored = backstage.Store.RowsOf(Table.Ledger).Where(found => found.Row.Key == "account")
            .Sum(found => JsonDocument.Parse(found.Row.Data.Text).RootElement.GetProperty("grants").EnumerateArray().Sum(grant => decimal.Parse(grant.GetString()!.Split(' ')[2], null) / 1_000));
        Assert.Equal(sum, stored);
    }

    private static decimal Credits(int number) => (number % 101) + (number % 3 == 0 ? 2.5m : 0);

    private static string Everything(Backstage backstage) =>
        string.Join('\n', new[] { Table.Ledger, Table.People }.SelectMany(table => backstage.Store.RowsOf(table)).Select(found => $"{found.Partition.Key}/{found.Row.Key} {found.Row.ETag}").Order(StringComparer.Ordinal));

    private static async Task<(int Rows, int Created, int Unchanged, decimal Credits)> ImportAsync(Backstage backstage)
    {
        var totals = new List<JsonElement>();
        for (var from = 0; from < Many; from += AtOnce)
        {
            var rows = Enumerable.Range(from, AtOnce).Select(number => new
            {
                external_id = $"cus_{number}",
                name = "Ada",
                product = "bluma",
                plan = "starter",
                started_at = "2025-01-31T12:00:00Z",
                plan_credits_left = number % 101,
                grants = number % 3 == 0 ? new[] { new { credits = 2.5m } } : null,
            });
            var answer = await backstage.OperatorAsync(Imports.Endpoint, new { rows });
            Assert.Equal(0, answer.GetProperty("audit").GetProperty("failed").GetArrayLength());
            Assert.Equal(AtOnce, answer.GetProperty("audit").GetProperty("workspaces").GetInt32());
            totals.Add(answer.GetProperty("totals"));
        }

        return (
            totals.Sum(one => one.GetProperty("rows").GetInt32()), totals.Sum(one => one.GetProperty("created").GetInt32()),
            totals.Sum(one => one.GetProperty("unchanged").GetInt32()), totals.Sum(one => one.GetProperty("credits").GetDecimal()));
    }
}
