using System.Diagnostics;
using System.Globalization;

namespace Billing.Simulation.Mutants;

/// <summary>How a mutant fared.</summary>
/// <param name="Mutant">Which.</param>
/// <param name="Found">The invariant that it broke; null when it lived.</param>
/// <param name="Seeds">Seeds that it took, from the first.</param>
internal sealed record MutantFound(Mutant Mutant, string? Found, int Seeds);

/// <summary>Proves the proof: each deliberate bug must be found.</summary>
internal static class MutantCheck
{
    /// <summary>Lets the program that must find a mutant look for it, until a seed fails.</summary>
    public static MutantFound Run(string copy, Mutant mutant, int seeds, int operations)
    {
        var start = new ProcessStartInfo("dotnet", [mutant.By.ProgramIn(copy), .. mutant.By.Arguments(seeds, operations)]) { RedirectStandardOutput = true };
        start.Environment[MutantBuild.Variable] = mutant.Number.ToString(CultureInfo.InvariantCulture);
        using var run = Process.Start(start)!;
        var output = run.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        run.WaitForExit();
        return output is [.., var last] && last.Split('\t') is [var seed, var invariant]
            ? new MutantFound(mutant, invariant, int.Parse(seed, CultureInfo.InvariantCulture))
            : run.ExitCode == 0 ? new MutantFound(mutant, null, seeds) : throw new InvalidOperationException($"Mutant {mutant.Number} did not run: exit code {run.ExitCode}.");
    }

    /// <summary>Builds, runs and prints.</summary>
    public static int Print(string root, int seeds, int operations)
    {
        var copy = MutantBuild.Run(root);
        var lived = 0;
        Console.WriteLine("| mutant | found after | by |\n|---|---|---|");
        foreach (var (mutant, found, took) in MutantList.All.Select(mutant => Run(copy, mutant, seeds, operations)))
        {
            lived += found is null ? 1 : 0;
            Console.WriteLine($"| {mutant.Number}. {mutant.Name} | {(found is null ? "not found" : $"{took} seeds")} | {found ?? "—"} |");
        }

        Console.WriteLine($"{MutantList.All.Length - lived} of {MutantList.All.Length} found.");
        return lived == 0 ? 0 : 1;
    }
}
