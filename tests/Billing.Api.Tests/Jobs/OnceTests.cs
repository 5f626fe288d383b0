using Billing.Api.Tests.Worlds;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Testing;
using Billing.Workspaces;

namespace Billing.Api.Tests.Jobs;

/// <summary>Each job run three times at once on two Hosts does its work once. What is stored is looked at directly, for a read over HTTP would do the work itself.</summary>
public sealed class OnceTests
{
    [Fact]
    public async Task One_renewal()
    {
        await using var world = await World.StartAsync(hosts: 2);
        var customers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => world.CustomerAsync("bloom", "plus")));
        await world.MoveAsync("2025-12-01T00:00:00Z");
        await RunAsync(world, "renewals");
        foreach (var customer in customers)
        {
            await Eventually.SeeAsync(() => EntriesAsync(customer), entries => entries.Count == 4);
        }

        await world.QuietAsync();
        foreach (var customer in customers)
        {
            Assert.Equal(
                ["Monthly renewal: Plus plan", "Unused plan credits expired", "Monthly renewal: Plus plan", "Sign-up credits"],
                (await EntriesAsync(customer)).Select(entry => entry.Description));
            Assert.Equal(60, await customer.LeftAsync());
        }
    }

    [Fact]
    public async Task One_invoice()
    {
        await using var world = await World.StartAsync("2025-11-20T00:00:00Z", hosts: 2);
        var customer = await world.CustomerAsync("bluma", "starter");
        await customer.CompleteAsync(await customer.AdmitAsync(Requests.Ninety));
        await customer.CompleteAsync(await customer.AdmitAsync(Requests.FortyFive));
        await customer.CompleteAsync(await customer.AdmitAsync(Requests.FortyFive));
        await world.MoveAsync("2025-11-30T23:59:59.999Z");
        await RunAsync(world, "overage-charges");
        await world.QuietAsync();
        Assert.Empty(await StoredAsync(customer, "inv:"));

        await world.MoveAsync("2025-12-01T00:00:00Z");
        await RunAsync(world, "overage-charges");
        await Eventually.SeeAsync(() => StoredAsync(customer, "inv:"), rows => rows.Count == 1);
        await world.QuietAsync();
        (await customer.AdminAsync(HttpMethod.Get, "invoices")).Shows("""
            {
              "invoices": [
                {
                  "month": "2025-11",
                  "lines": [{ "plan": "starter", "units": 2, "unit_price": { "amount_minor": 50, "currency": "USD" }, "amount": { "amount_minor": 100, "currency": "USD" } }],
                  "units": 2, "credit": { "amount_minor": 0, "currency": "USD" }, "total": { "amount_minor": 100, "currency": "USD" }, "created_at": "2025-12-01T00:00:00Z"
                }
              ]
            }
            """);
        Assert.Equal((0, 0), (await customer.CreditsAsync()) is var credits ? (credits.Number("credits"), credits.Number("overage_used")) : default);
    }

    [Fact]
    public async Task One_refund_for_what_expired()
    {
        await using var world = await World.StartAsync(hosts: 2);
        var customer = await world.CustomerAsync("bloom");
        await customer.AdmitAsync(Requests.Bloom("4K", 3));
        await customer.AdmitAsync(Requests.Bloom("2K", 2));
        await world.MoveAsync("2025-11-01T01:00:00Z");
        await RunAsync(world, "expirations");
        await Eventually.SeeAsync(() => EntriesAsync(customer), entries => entries.Count == 5);
        await world.QuietAsync();
        Assert.Equal(5, (await EntriesAsync(customer)).Count);
        Assert.Equal(10, await customer.LeftAsync());
        Assert.Equal([2, 6], (await customer.HistoryAsync("type=refund")).At("transactions").EnumerateArray().Select(entry => entry.GetProperty("amount").GetDecimal()).Order());
    }

    [Fact]
    public async Task A_run_tells_what_it_found()
    {
        await using var world = await World.StartAsync();
        await world.CustomerAsync("bloom", "plus");
        foreach (var job in new[] { "renewals", "overage-charges", "expirations" })
        {
            (await world.Operator.PostAsync($"admin/jobs/{job}")).Is(200).Shows($$"""{ "job": "{{job}}", "due": 0, "rung": 0, "failed_shards": [] }""");
        }

        await world.MoveAsync("2025-12-01T00:00:00Z");
        (await world.Operator.PostAsync("admin/jobs/renewals")).Is(200).Shows("""{ "job": "renewals", "due": 1, "rung": 1, "failed_shards": [] }""");
    }

    /// <summary>Three times at once at each Host.</summary>
    private static async Task RunAsync(World world, string job)
    {
        var runs = await Task.WhenAll(Enumerable.Range(0, 6).Select(run => world.OperatorAt(run % 2).PostAsync($"admin/jobs/{job}")));
        Assert.All(runs, run => run.Is(200));
    }

    private static async Task<IReadOnlyList<Row>> StoredAsync(Customer customer, string prefix) =>
        (await customer.World.OpenLedger().ListAsync(new Partition(Table.Ledger, customer.WorkspaceId), KeyRange.StartingWith(prefix), 100, default)).Rows;

    /// <summary>Newest first.</summary>
    private static async Task<IReadOnlyList<LedgerEntry>> EntriesAsync(Customer customer) =>
        [.. (await StoredAsync(customer, LedgerPage.Prefix)).SelectMany(row => RowJson.Read<LedgerPage>(row.Data).Entries.Reverse())];
}
