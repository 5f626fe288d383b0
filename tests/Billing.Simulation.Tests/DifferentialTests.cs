using System.Globalization;
using Billing.Differential;

namespace Billing.Simulation.Tests;

/// <summary>The API over HTTP against a second source of truth; CI plays ten times as many runs.</summary>
public sealed class DifferentialTests
{
    private const int Steps = 500;
    private static readonly int Runs = int.Parse(Environment.GetEnvironmentVariable("BILLING_DIFFERENTIAL_RUNS") ?? "20", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Product_and_model_agree_on_every_answer()
    {
        // A run mostly waits for the pauses between commits.
        var together = new ParallelOptions { MaxDegreeOfParallelism = 4 * Environment.ProcessorCount };
        await Parallel.ForEachAsync(Enumerable.Range(1, Runs), together, (seed, _) => new ValueTask(Run.PlayAsync(seed, Steps)));
    }
}
