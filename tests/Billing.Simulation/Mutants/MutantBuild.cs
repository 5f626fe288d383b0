using System.Diagnostics;
using System.Globalization;

namespace Billing.Simulation.Mutants;

/// <summary>Builds a copy of the product, in which every deliberate bug waits for its number, and against it those who must find them.</summary>
/// <remarks>The product has no switches for its tests: they are patched into the copy, below artifacts/mutants, and nowhere else.</remarks>
internal static class MutantBuild
{
    /// <summary>The number of the mutant that a built copy is to be.</summary>
    public const string Variable = "BILLING_MUTANT";

    private static readonly string[] Product = ["Billing", "Billing.Engine", "Billing.InMemory", "Billing.Storage", "Billing.Api"];

    private const string Switch = """
        namespace Billing;

        /// <summary>Which deliberate bug is active.</summary>
        internal static class ActiveMutant
        {
            public static readonly string? Number = System.Environment.GetEnvironmentVariable("BILLING_MUTANT");

            public static bool Is(string number) => Number == number;
        }
        """;

    /// <summary>Copies, patches and builds.</summary>
    /// <returns>The folder of the copy.</returns>
    /// <exception cref="InvalidOperationException">A patch does not fit the source any more, or the copy does not build.</exception>
    public static string Run(string root)
    {
        var copy = Path.Combine(root, "artifacts", "mutants");
        var tests = Finder.All.SelectMany(finder => finder.Beside.Append(finder.Project)).Distinct();
        foreach (var folder in Product.Select(project => $"src/{project}").Concat(tests.Select(project => $"tests/{project}")))
        {
            Mirror(Path.Combine(root, folder), Path.Combine(copy, folder));
        }

        foreach (var file in new[] { "Directory.Build.props", "Directory.Packages.props", "global.json", "tests/Directory.Build.props" })
        {
            File.Copy(Path.Combine(root, file), Path.Combine(copy, file), overwrite: true);
        }

        var source = Path.Combine(copy, "src");
        foreach (var mutant in MutantList.All)
        {
            foreach (var patch in mutant.Patches)
            {
                Apply(Path.Combine(source, patch.File), mutant, patch);
            }
        }

        foreach (var project in Product)
        {
            File.WriteAllText(Path.Combine(source, project, "ActiveMutant.cs"), Switch.Replace("namespace Billing;", $"namespace {project};", StringComparison.Ordinal));
        }

        foreach (var finder in Finder.All)
        {
            Build(finder.FolderIn(copy));
        }

        return copy;
    }

    private static void Apply(string file, Mutant mutant, Patch patch)
    {
        var text = File.ReadAllText(file);
        var at = text.IndexOf(patch.Old, StringComparison.Ordinal);
        if (at < 0 || text.IndexOf(patch.Old, at + 1, StringComparison.Ordinal) >= 0)
        {
            throw new InvalidOperationException($"Mutant {mutant.Number} ({mutant.Name}) does not fit {patch.File} any more: there must be exactly one\n{patch.Old}");
        }

        var active = string.Create(CultureInfo.InvariantCulture, $"global::{patch.File.Split('/')[0]}.ActiveMutant.Is(\"{mutant.Number}\")");
        File.WriteAllText(file, text.Replace(patch.Old, patch.New.Replace("§", active, StringComparison.Ordinal), StringComparison.Ordinal));
    }

    private static void Mirror(string from, string to)
    {
        var kept = new[] { "bin", "obj" };
        if (Directory.Exists(to))
        {
            Directory.EnumerateDirectories(to).Where(folder => !kept.Contains(Path.GetFileName(folder))).ToList().ForEach(folder => Directory.Delete(folder, recursive: true));
            Directory.EnumerateFiles(to).ToList().ForEach(File.Delete);
        }

        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        foreach (var folder in Directory.EnumerateDirectories(from).Where(folder => !kept.Contains(Path.GetFileName(folder))))
        {
            Mirror(folder, Path.Combine(to, Path.GetFileName(folder)));
        }
    }

    private static void Build(string project)
    {
        string[] arguments =
        [
            "build", project, "-c", "Release", "-v:q", "-nologo", "-p:RunAnalyzers=false", "-p:EnforceCodeStyleInBuild=false", "-p:TreatWarningsAsErrors=false",
            "-nodeReuse:false", "-p:UseSharedCompilation=false",
        ];
        using var build = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!;
        var output = build.StandardOutput.ReadToEnd();
        build.WaitForExit();
        if (build.ExitCode != 0)
        {
            throw new InvalidOperationException($"The mutants do not build:\n{output}");
        }
    }
}
