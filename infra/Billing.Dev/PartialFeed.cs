using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Xml.Linq;

namespace Billing.Dev;

/// <summary>
/// Some NuGet sources are partial copies that lack these four packages. One npm package ships the same official assemblies;
/// this makes a NuGet feed of them below artifacts/, which Directory.Build.props hands to every restore from then on.
/// </summary>
internal static class PartialFeed
{
    private const string Source = "@azure/mcp-linux-x64@0.5.13";

    private sealed record Package(string Id, string Version, string Framework, string Sha256, params (string Id, string Version)[] Needs);

    private static readonly Package[] Packages =
    [
        new("Azure.Data.Tables", "12.11.0", "net8.0", "8b7adfa847a90860922e9cb90bf27839652f8d75dfc1ec0b55beca301e2e29ec", ("Azure.Core", "1.44.1")),
        new("Azure.Storage.Common", "12.23.0", "net8.0", "daf1f020ea6f9b82f6d0d83bb468144dfb180db3008dff1b5484fd8a5a8c1c79",
            ("Azure.Core", "1.44.1"), ("System.IO.Hashing", "6.0.0")),
        new("Azure.Storage.Queues", "12.22.0", "net8.0", "a5a60c7e9e9293d599b6248f11459a2fc1e215890f26763bf52299bf126008d5",
            ("Azure.Storage.Common", "12.23.0")),
        new("System.IO.Hashing", "6.0.0", "net6.0", "64702bf2241b954882ce87396189e2b55642f7880209c7ac89f50359e429d30d"),
    ];

    public static bool Has(string package) => Packages.Any(known => known.Id == package);

    public static async Task AssembleAsync(CancellationToken cancellation)
    {
        Progress.Say($"NuGet lacks the storage packages here: taking them out of the npm package {Source} (109 MB)");
        var feed = Directory.CreateDirectory(Command.Artifacts("feed")).FullName;
        var npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        await new Command(npm, "pack", Source, "--silent", "--pack-destination", feed).RequireAsync(cancellation);
        var archive = Directory.GetFiles(feed, "azure-mcp-*.tgz").Single();
        foreach (var (name, assembly) in Read(archive))
        {
            Write(feed, Packages.Single(package => $"{package.Id}.dll" == name), assembly);
        }

        File.Delete(archive);
        var sources = new XElement("RestoreAdditionalProjectSources", "$(RestoreAdditionalProjectSources);$(MSBuildThisFileDirectory)");
        new XElement("Project", new XElement("PropertyGroup", sources)).Save(Path.Combine(feed, "feed.props"));
    }

    private static IEnumerable<(string Name, byte[] Assembly)> Read(string archive)
    {
        using var tar = new TarReader(new GZipStream(File.OpenRead(archive), CompressionMode.Decompress));
        while (tar.GetNextEntry() is { } entry)
        {
            var name = Path.GetFileName(entry.Name);
            if (Has(Path.GetFileNameWithoutExtension(name)) && name.EndsWith(".dll", StringComparison.Ordinal))
            {
                var assembly = new byte[entry.Length];
                entry.DataStream!.ReadExactly(assembly);
                yield return (name, assembly);
            }
        }
    }

    private static void Write(string feed, Package package, byte[] assembly)
    {
        if (Convert.ToHexStringLower(SHA256.HashData(assembly)) != package.Sha256)
        {
            throw new InvalidOperationException($"{package.Id} from {Source} is not the assembly that is pinned here.");
        }

        using var nupkg = ZipFile.Open(Path.Combine(feed, $"{package.Id}.{package.Version}.nupkg"), ZipArchiveMode.Update);
        using (var library = nupkg.CreateEntry($"lib/{package.Framework}/{package.Id}.dll").Open())
        {
            library.Write(assembly);
        }

        using var specification = nupkg.CreateEntry($"{package.Id}.nuspec").Open();
        Specification(package).Save(specification);
    }

    private static XElement Specification(Package package)
    {
        var needs = package.Needs.Select(need => new XElement("dependency", new XAttribute("id", need.Id), new XAttribute("version", need.Version)));
        return new XElement("package", new XElement("metadata",
            new XElement("id", package.Id), new XElement("version", package.Version),
            new XElement("authors", "Microsoft"), new XElement("description", $"The official assembly, from {Source}."),
            new XElement("dependencies", new XElement("group", new XAttribute("targetFramework", package.Framework), needs))));
    }
}
