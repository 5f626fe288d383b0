using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;

namespace Billing.Simulation.Runs;

/// <summary>What can be asked for on the command line.</summary>
internal static class CommandLine
{
    private const string Usage = """
        Billing.Simulation [--seeds 2000] [--operations 200] [--first 1] [--threads 2]   many seeds
        Billing.Simulation --seed N [--operations 200] [--faults N] [--skip a,b] [--trace]   one seed
        """;

    public static int Run(string[] args)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < args.Length; i++)
        {
            options[args[i]] = i + 1 < args.Length && !args[i + 1].StartsWith("--", StringComparison.Ordinal) ? args[++i] : "";
        }

        if (options.Keys.Except(["--seeds", "--operations", "--first", "--threads", "--seed", "--faults", "--skip", "--trace"]).Any())
        {
            Console.WriteLine(Usage);
            return 2;
        }

        var operations = Number("--operations", 200);
        return options.ContainsKey("--seed") ? One() : Many();

        int One()
        {
            var run = new RunOptions((ulong)Number("--seed", 1), operations)
            {
                MostFaults = Number("--faults", int.MaxValue),
                Skipped = [.. options.GetValueOrDefault("--skip", "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(one => int.Parse(one, CultureInfo.InvariantCulture))],
                Traced = options.ContainsKey("--trace"),
            };
            return Report.One(Simulation.Run(run), shrink: run.Skipped.IsEmpty && !run.Traced);
        }

        int Many()
        {
            var clock = Stopwatch.StartNew();
            var campaign = Campaign.Run((ulong)Number("--first", 1), Number("--seeds", 2_000), operations, Number("--threads", Environment.ProcessorCount), stopAtFirst: false);
            return Report.Many(campaign, clock.Elapsed);
        }

        int Number(string name, int otherwise) => options.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
    }
}
