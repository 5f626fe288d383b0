using System.Diagnostics;
using Billing.Api.Tests.Balances;
using Billing.Api.Tests.Worlds;
using Billing.Testing;

namespace Billing.Api.Tests.Hosting;

/// <summary>The seller's own catalogs, in the folder <c>catalogs</c> of the root, are published beside the app, where the setting finds them.</summary>
public sealed class CatalogsFolderTests
{
    [Theory]
    [InlineData("Billing.Host")]
    [InlineData("Billing.Functions")]
    public async Task A_publish_takes_the_folder_along(string project)
    {
        var folder = OwnCatalog.Settings()["Billing__Catalogs"];
        var command = new ProcessStartInfo("dotnet",
        [
            "msbuild", Path.Combine(Repository.Root, "src", project, project + ".csproj"), "-t:GetCopyToPublishDirectoryItems", "-getItem:_SourceItemsToCopyToPublishDirectory",
            $"-p:CatalogsFolder={folder}{Path.DirectorySeparatorChar}", "-p:BuildProjectReferences=false",
        ])
        { RedirectStandardOutput = true };
        using var process = Process.Start(command)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.True(process.ExitCode == 0, output);
        Assert.Contains("catalogs/bloom.json", output.Replace("\\\\", "/", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_relative_setting_is_found_from_the_apps_folder()
    {
        var name = $"catalogs-{Guid.NewGuid():N}";
        var beside = Path.Combine(AppContext.BaseDirectory, name);
        Directory.Move(OwnCatalog.Settings()["Billing__Catalogs"], beside);
        try
        {
            await using var world = await World.StartAsync(settings: new Dictionary<string, string> { ["Billing__Catalogs"] = name });
            Assert.Contains("plain", (await world.Anyone.GetAsync("plans?product=bluma")).Is(200).Body, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(beside, recursive: true);
        }
    }
}
