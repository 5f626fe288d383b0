using System.Collections.Immutable;

namespace Billing.Simulation.Mutants;

/// <summary>A program that is built against the patched copy and looks for the bug that is active there.</summary>
/// <remarks>It prints <c>seed, tab, what is broken</c> as its last line and ends with another exit code than 0 when it has found one.</remarks>
/// <param name="Project">Its project, below tests.</param>
/// <param name="Beside">Other projects of tests that it is built from.</param>
/// <param name="Arguments">How it is asked to stop at the first seed that fails, by how many seeds of how many operations.</param>
internal sealed record Finder(string Project, ImmutableArray<string> Beside, Func<int, int, ImmutableArray<string>> Arguments)
{
    public static readonly Finder Simulation = new("Billing.Simulation", [], (seeds, operations) => ["--until-failure", "--seeds", $"{seeds}", "--operations", $"{operations}"]);

    /// <summary>Plays no more runs than the everyday tests do.</summary>
    public static readonly Finder Differential = new("Billing.Differential", ["Billing.Testing"], (seeds, _) => ["--runs", $"{Math.Min(seeds, 20)}", "--steps", "500"]);

    /// <summary>All there are.</summary>
    public static readonly ImmutableArray<Finder> All = [Simulation, Differential];

    /// <summary>Its folder in the copy.</summary>
    public string FolderIn(string copy) => Path.Combine(copy, "tests", Project);

    /// <summary>The program that was built there.</summary>
    public string ProgramIn(string copy) => Path.Combine(FolderIn(copy), "bin", "Release", "net10.0", $"{Project}.dll");
}
