using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;
using Billing.Testing;

namespace Billing.Client.Tests;

/// <summary>What `dotnet pack` makes is what a seller installs.</summary>
public sealed class PackageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("billing-client-").FullName;

    [Fact]
    public async Task The_client_has_both_targets_their_comments_the_readme_and_the_licence()
    {
        using var package = await PackAsync("Billing.Client");
        Has(package, "lib/net8.0/Billing.Client.dll", "lib/net8.0/Billing.Client.xml", "lib/net10.0/Billing.Client.dll", "lib/net10.0/Billing.Client.xml", "README.md", "LICENSE");
        var said = await NuspecAsync(package, "Billing.Client");
        Assert.Equal(("README.md", "MIT"), (said["readme"].Single().Value, said["license"].Single().Value));
        Assert.NotEmpty(said["description"].Single().Value);
        Assert.NotEmpty(said["tags"].Single().Value);
        Assert.Equal(
            ["net10.0 Microsoft.Extensions.Http", "net8.0 Microsoft.Extensions.Http", "net8.0 System.Text.Json"],
            said["dependency"].Select(needed => $"{needed.Parent!.Attribute("targetFramework")!.Value} {needed.Attribute("id")!.Value}").Order(StringComparer.Ordinal));
        HasSymbols("Billing.Client", "lib/net8.0/Billing.Client.pdb", "lib/net10.0/Billing.Client.pdb");
    }

    [Fact]
    public async Task The_fake_brings_the_backend_along()
    {
        using var package = await PackAsync("Billing.Client.Testing");
        string[] assemblies = ["Billing.Api", "Billing.Client.Testing", "Billing.Engine", "Billing.InMemory", "Billing.Storage", "Billing"];
        Assert.Equal(assemblies.Select(name => $"{name}.dll").Order(StringComparer.Ordinal), package.Entries.Where(entry => entry.FullName.EndsWith(".dll", StringComparison.Ordinal)).Select(entry => entry.Name).Order(StringComparer.Ordinal));
        Has(package, "lib/net10.0/Billing.Client.Testing.xml", "README.md", "LICENSE");
        var said = await NuspecAsync(package, "Billing.Client.Testing");
        Assert.Contains("Billing.Client", said["dependency"].Select(needed => needed.Attribute("id")!.Value));
        Assert.Equal("Microsoft.AspNetCore.App", said["frameworkReference"].Single().Attribute("name")!.Value);
        HasSymbols("Billing.Client.Testing", "lib/net10.0/Billing.Client.Testing.pdb");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void Has(ZipArchive package, params string[] expected) => Assert.Empty(expected.Except(package.Entries.Select(entry => entry.FullName)));

    private void HasSymbols(string id, params string[] expected)
    {
        using var symbols = ZipFile.OpenRead(Path.Combine(_folder, $"{id}.1.0.0.snupkg"));
        Has(symbols, expected);
    }

    private static async Task<ILookup<string, XElement>> NuspecAsync(ZipArchive package, string id)
    {
        await using var stream = await package.GetEntry($"{id}.nuspec")!.OpenAsync();
        return XElement.Load(stream).Descendants().ToLookup(element => element.Name.LocalName);
    }

    private async Task<ZipArchive> PackAsync(string id)
    {
        // The tests were built against it just now, in the configuration that their own folder names.
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var project = Path.Combine(Repository.Root, "src", id, $"{id}.csproj");
        var command = new ProcessStartInfo("dotnet", ["pack", project, "--no-build", "-c", configuration, "-o", _folder, "-v:q", "-nologo"]) { RedirectStandardOutput = true };
        using var process = Process.Start(command)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output);
        return ZipFile.OpenRead(Path.Combine(_folder, $"{id}.1.0.0.nupkg"));
    }
}
