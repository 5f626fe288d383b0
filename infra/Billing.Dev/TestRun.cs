using System.Xml.Linq;
using Billing.Testing;

namespace Billing.Dev;

/// <summary>Every test of the solution, and how many of them passed.</summary>
internal static class TestRun
{
    private static readonly string Results = Command.Artifacts("tests");

    private sealed record Count(int Passed, int Failed, int Skipped);

    public static async Task<int> RunAsync(string[] options, CancellationToken cancellation)
    {
        var azurite = AzuriteInstallation.EnsureAsync(cancellation); // meanwhile the rest builds
        var projects = await Solution.BuildAsync(cancellation);
        Progress.Say("Waiting for Azurite to be installed");
        await azurite;
        Directory.CreateDirectory(Results);

        var counts = new List<Count>();
        foreach (var project in projects.Where(project => project.EndsWith(".Tests.csproj", StringComparison.Ordinal)))
        {
            counts.Add(await RunAsync(project, options, cancellation));
        }

        var (passed, failed, skipped) = (counts.Sum(one => one.Passed), counts.Sum(one => one.Failed), counts.Sum(one => one.Skipped));
        Console.WriteLine($"{passed} passed, {failed} failed" + (skipped > 0 ? $", {skipped} skipped" : ""));
        return failed == 0 && passed > 0 ? 0 : 1;
    }

    private static async Task<Count> RunAsync(string project, string[] options, CancellationToken cancellation)
    {
        var name = Path.GetFileNameWithoutExtension(project);
        var results = Path.Combine(Results, $"{name}.trx");
        File.Delete(results);
        Progress.Say($"Testing {name}");
        var exitCode = await new Command("dotnet",
        [
            "test", project, "--no-build", "--logger", "console;verbosity=minimal",
            "--logger", $"trx;LogFileName={name}.trx", "--results-directory", Results, .. options,
        ]).ShowAsync(cancellation);
        var count = File.Exists(results) ? Read(results) : new Count(0, 0, 0);
        // A run that broke off before it could blame a test is a failure, too.
        return exitCode != 0 && count.Failed == 0 ? count with { Failed = 1 } : count;
    }

    private static Count Read(string results)
    {
        var counters = XDocument.Load(results).Descendants().Single(element => element.Name.LocalName == "Counters");
        int Of(string name) => (int)counters.Attribute(name)!;
        return new(Of("passed"), Of("executed") - Of("passed"), Of("total") - Of("executed"));
    }
}
