using System.Collections.Immutable;

namespace Billing.Simulation.Runs;

/// <summary>Finds a shorter run that breaks the same invariant: fewer operations, fewer faults, then without operations that do not matter.</summary>
internal static class Shrinking
{
    private const int MostRuns = 400;

    public static RunResult Of(RunResult failure)
    {
        var (best, runs) = (failure, 0);
        Try(best.Options with { Operations = 1 });
        for (var step = best.Options.Operations / 2; step > 0; step = Halved(step, best.Options.Operations))
        {
            while (best.Options.Operations > step && Try(best.Options with { Operations = best.Options.Operations - step }))
            {
            }
        }

        for (var faults = 0; faults < 64 && best.Options.MostFaults > 64; faults = faults * 2 + 1)
        {
            Try(best.Options with { MostFaults = faults });
        }

        for (var chunk = Math.Max(1, best.Options.Operations / 2); ; chunk /= 2)
        {
            foreach (var some in Numbers(best.Options).Chunk(chunk).Reverse())
            {
                Try(best.Options with { Only = Numbers(best.Options).Except(some) });
            }

            if (chunk <= 1)
            {
                return best;
            }
        }

        bool Try(RunOptions options)
        {
            if (runs++ >= MostRuns || options.Equals(best.Options))
            {
                return false;
            }

            var result = SeededRun.Run(options);
            var same = result.Violation?.Invariant == failure.Violation!.Invariant;
            best = same ? result : best;
            return same;
        }
    }

    private static ImmutableSortedSet<int> Numbers(RunOptions options) => options.Only ?? [.. Enumerable.Range(0, options.Operations)];

    private static int Halved(int step, int most) => Math.Min(step / 2, most);
}
