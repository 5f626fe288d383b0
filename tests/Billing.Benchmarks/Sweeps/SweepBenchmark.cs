using Billing.Benchmarks.Reports;

namespace Billing.Benchmarks.Sweeps;

/// <summary>What time brings, at more and more workspaces.</summary>
internal sealed class SweepBenchmark(BenchmarkOptions options, string connectionString)
{
    private const int Smallest = 1_000;

    public async Task<Section> RunAsync()
    {
        // One small run makes everything warm and counts for nothing.
        await new RenewalSweep(connectionString, 200).RunAsync();
        var renewals = new List<RenewalScore>();
        foreach (var total in Sizes())
        {
            renewals.Add(await new RenewalSweep(connectionString, total).RunAsync());
        }

        var monthEnd = await new MonthEnd(connectionString, options.Sized(10_000)).RunAsync();
        return SweepReport.Of(renewals, monthEnd);
    }

    private IEnumerable<int> Sizes()
    {
        for (var size = Smallest; size < options.Workspaces; size *= 10)
        {
            yield return size;
        }

        yield return options.Workspaces;
    }
}
