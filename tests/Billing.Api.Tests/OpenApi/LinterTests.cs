using Billing.Testing;

namespace Billing.Api.Tests.OpenApi;

/// <summary>The linter of Redocly, at the version that package-lock.json pins, finds nothing: see redocly.yaml.</summary>
public sealed class LinterTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Billing.Api.Tests", "OpenApi");

    // It reports nothing to its maker and asks nobody for newer versions.
    private static readonly Dictionary<string, string> Quiet = new()
    {
        ["REDOCLY_TELEMETRY"] = "off",
        ["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true",
        ["CI"] = "true",
    };

    [Fact]
    public Task A_public_linter_finds_nothing() => LintAsync(Path.Combine(Repository.Root, "src", "Billing.Api", "OpenApi", "openapi.json"));

    [Fact]
    public async Task Nor_does_it_where_other_products_are_sold()
    {
        var document = Path.Combine(Directory.CreateDirectory(Path.Combine(Folder, "artifacts", "linted")).FullName, "openapi.json");
        await File.WriteAllTextAsync(document, DeploymentTests.OfOdd.Root.GetRawText());
        await LintAsync(document);
    }

    private static async Task LintAsync(string document)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var packages = new NodePackages(Folder);
        await packages.EnsureAsync(patience.Token);
        var (exitCode, output) = await packages.RunAsync(
            Path.Combine("@redocly", "cli", "bin", "cli.js"), ["lint", document, "--config", "redocly.yaml"], Quiet, patience.Token);
        Assert.True(exitCode == 0, output);
    }
}
