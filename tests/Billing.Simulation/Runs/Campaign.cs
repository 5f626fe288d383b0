using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;

namespace Billing.Simulation.Runs;

/// <summary>Many seeds.</summary>
/// <param name="Seeds">How many were run.</param>
/// <param name="Operations">Of how many operations each.</param>
/// <param name="Figures">All of them together.</param>
/// <param name="Failures">Those that failed, by seed.</param>
internal sealed record Campaign(int Seeds, int Operations, RunFigures Figures, ImmutableArray<RunResult> Failures)
{
    /// <summary>Runs seeds one after the other, on several threads; each run stays on its own.</summary>
    /// <param name="first">The first seed.</param>
    /// <param name="seeds">How many.</param>
    /// <param name="operations">Of how many operations each.</param>
    /// <param name="threads">On how many threads.</param>
    /// <param name="stopAtFirst">Whether a failure ends it.</param>
    /// <param name="atMost">After that no further seed is begun; null for no limit.</param>
    public static Campaign Run(ulong first, int seeds, int operations, int threads, bool stopAtFirst, TimeSpan? atMost = null)
    {
        var failures = new ConcurrentBag<RunResult>();
        var clock = Stopwatch.StartNew();
        var gate = new Lock();
        var figures = default(RunFigures);
        var (next, done) = (-1, 0);
        var workers = Enumerable.Range(0, threads).Select(_ => new Thread(Work)).ToList();
        workers.ForEach(worker => worker.Start());
        workers.ForEach(worker => worker.Join());
        return new Campaign(done, operations, figures, [.. failures.OrderBy(failure => failure.Options.Seed)]);

        void Work()
        {
            for (var number = Interlocked.Increment(ref next); number < seeds && !(stopAtFirst && !failures.IsEmpty) && !(clock.Elapsed > atMost); number = Interlocked.Increment(ref next))
            {
                var result = SeededRun.Run(new RunOptions(first + (ulong)number, operations));
                lock (gate)
                {
                    figures += result.Figures;
                    done++;
                }

                if (result.Violation is not null)
                {
                    failures.Add(result);
                }
            }
        }
    }
}
