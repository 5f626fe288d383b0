using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Overage;
using Billing.Workspaces;

namespace Billing.Benchmarks.Sweeps;

/// <summary>What the month-end came to.</summary>
/// <param name="Workspaces">Workspaces with overage.</param>
/// <param name="Close">The run that charges.</param>
/// <param name="Again">The run an hour later, which finds the links of the hour that is now over.</param>
/// <param name="Checked">Invoices that were looked at.</param>
internal sealed record MonthEndScore(int Workspaces, Sweep Close, Sweep Again, int Checked);

/// <summary>The end of a month in which every workspace had overage.</summary>
internal sealed class MonthEnd(string connectionString, int workspaces)
{
    private static readonly DateTimeOffset Since = new(2025, 11, 12, 9, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset UsedAt = new(2025, 11, 20, 9, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset At = new(2025, 12, 1, 0, 10, 0, TimeSpan.Zero);

    public async Task<MonthEndScore> RunAsync()
    {
        await using var storage = await BenchmarkStorage.CreateAsync(connectionString);
        var ids = await new Seeder(storage.Store).SeedAsync(
            $"{workspaces:n0} workspaces with overage",
            workspaces,
            index => SeededWorkspace.OnOverage(Since.AddSeconds(index % 86_400), UsedAt.AddSeconds(index % 86_400)));
        var clock = new StandingClock(At);
        var close = await new SweepRun(storage, clock).RunAsync(Queues.OverageCharges, workspaces);
        clock.Now = At.AddHours(1);
        var again = await new SweepRun(storage, clock).RunAsync(Queues.OverageCharges, workspaces);
        var some = ids.Where((_, index) => index % Math.Max(1, workspaces / 100) == 0).ToList();
        foreach (var id in some)
        {
            await CheckAsync(storage, id);
        }

        return new MonthEndScore(workspaces, close, again, some.Count);
    }

    // The month is the invoice's row key, so there cannot be two of one month; that nothing is left to charge shows that there is one, for all of it.
    private static async Task CheckAsync(BenchmarkStorage storage, string workspaceId)
    {
        var row = await storage.Store.ReadAsync(new Partition(Table.Ledger, workspaceId), Invoice.Prefix + "2025-11", default);
        var invoice = row is null ? null : RowJson.Read<Invoice>(row.Data);
        var stored = await WorkspaceRows.LoadAsync(storage.Store, workspaceId, null, default);
        if (invoice?.Total != new Money(SeededWorkspace.OverageUnits * 50, "USD") || stored!.Workspace.Overage != OverageTab.Empty)
        {
            throw new InvalidOperationException($"{workspaceId} was not invoiced as it should be: {row?.Data}");
        }
    }
}
