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
    public async Task The_package_has_the_assembly_its_comments_the_readme_and_the_licence_and_needs_no_other()
    {
        await PackAsync();
        using var package = ZipFile.OpenRead(Directory.GetFiles(_folder, "*.nupkg").Single());
        string[] expected = ["lib/net10.0/Billing.Client.dll", "lib/net10.0/Billing.Client.xml", "README.md", "LICENSE"];
        Assert.Empty(expected.Except(package.Entries.Select(entry => entry.FullName)));

        await using var stream = await package.GetEntry("Billing.Client.nuspec")!.OpenAsync();
        var said = XElement.Load(stream).Descendants().ToLookup(element => element.Name.LocalName);
        Assert.Equal(("README.md", "MIT"), (said["readme"].Single().Value, said["license"].Single().Value));
        Assert.Empty(said["dependency"]);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task PackAsync()
    {
        // The tests were built against it just now, in the configuration that their own folder names.
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var project = Path.Combine(Repository.Root, "src", "Billing.Client", "Billing.Client.csproj");
        var command = new ProcessStartInfo("dotnet", ["pack", project, "--no-build", "-c", configuration, "-o", _folder, "-v:q", "-nologo"]) { RedirectStandardOutput = true };
        using var process = Process.Start(command)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output);
    }
}
