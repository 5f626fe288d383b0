using System.Diagnostics;
using System.Globalization;
using Billing.Simulation.Exhaustive;
using Billing.Simulation.Mutants;

namespace Billing.Simulation.Runs;

/// <summary>What can be asked for on the command line.</summary>
internal static class CommandLine
{
    private const string Usage = """
        Billing.Simulation [--seeds 2000] [--operations 200] [--first 1] [--threads 2] [--minutes 10]   many seeds
        Billing.Simulation --seed N [--operations 200] [--faults N] [--only a,b] [--trace]   one seed
        Billing.Simulation --exhaustive [--singles] [--scene admit] [--threads 2]   every call × every fault, singly and in pairs
        Billing.Simulation --mutants [--seeds 2000] [--operations 200]   deliberate bugs: each must be found
        """;

    /// <summary>The folder that holds Billing.sln.</summary>
    public static string Root()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Billing.sln")))
            {
                return at.FullName;
            }
        }

        throw new DirectoryNotFoundException("Billing.sln is in none of the folders above this program.");
    }

    public static int Run(string[] args)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < args.Length; i++)
        {
            options[args[i]] = i + 1 < args.Length && !args[i + 1].StartsWith("--", StringComparison.Ordinal) ? args[++i] : "";
        }

        if (options.Keys.Except(["--until-failure", "--mutants", "--exhaustive", "--singles", "--scene", "--seeds", "--operations", "--first", "--threads", "--seed", "--minutes", "--faults", "--only", "--trace"]).Any())
        {
            Console.WriteLine(Usage);
            return 2;
        }

        var operations = Number("--operations", 200);
        if (options.ContainsKey("--until-failure"))
        {
            return UntilFailure();
        }

        if (options.ContainsKey("--exhaustive"))
        {
            return EveryFault.Print(Number("--threads", Environment.ProcessorCount), pairs: !options.ContainsKey("--singles"), options.GetValueOrDefault("--scene"));
        }

        return options.ContainsKey("--mutants") ? MutantCheck.Print(Root(), Number("--seeds", 2_000), operations) : options.ContainsKey("--seed") ? One() : Many();

        int UntilFailure()
        {
            var campaign = Campaign.Run(1, Number("--seeds", 2_000), operations, threads: 1, stopAtFirst: true);
            Console.WriteLine(campaign.Failures is [var first, ..] ? $"{first.Options.Seed}\t{first.Violation!.Invariant}" : "");
            return campaign.Failures.IsEmpty ? 0 : 1;
        }

        int One()
        {
            var run = new RunOptions((ulong)Number("--seed", 1), operations)
            {
                MostFaults = Number("--faults", int.MaxValue),
                Only = options.TryGetValue("--only", out var only) ? [.. only.Split(',').Select(one => int.Parse(one, CultureInfo.InvariantCulture))] : null,
                Traced = options.ContainsKey("--trace"),
            };
            return Report.One(SeededRun.Run(run), shrink: run.Only is null && !run.Traced);
        }

        int Many()
        {
            var clock = Stopwatch.StartNew();
            var campaign = Campaign.Run((ulong)Number("--first", 1), Number("--seeds", 2_000), operations, Number("--threads", Environment.ProcessorCount), stopAtFirst: false, options.ContainsKey("--minutes") ? TimeSpan.FromMinutes(Number("--minutes", 0)) : null);
            return Report.Many(campaign, clock.Elapsed);
        }

        int Number(string name, int otherwise) => options.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
    }
}
