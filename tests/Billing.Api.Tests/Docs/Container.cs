using System.Text.RegularExpressions;
using System.Xml.Linq;
using Billing.Testing;

namespace Billing.Api.Tests.Docs;

/// <summary>The image that the SDK makes of the Host. No daemon is needed to see that what the documents say of it fits: a Host with the same settings starts.</summary>
internal static partial class Container
{
    private static readonly XElement Project = XDocument.Parse(FencedBlock.Read("src/Billing.Host/Billing.Host.csproj")).Root!;

    /// <summary>Its name.</summary>
    public static string Image => Project.Descendants("ContainerRepository").Single().Value;

    private static string Port => Project.Descendants("ContainerPort").Single().Attribute("Include")!.Value;

    public static void CheckPublish(FencedBlock block, string project, IEnumerable<string> properties)
    {
        Assert.True(File.Exists(Path.Combine(project, "Billing.Host.csproj")), $"{block} publishes another project than the Host.");
        Assert.All(properties, property => Assert.Matches("^(-c|Release|-p:Container(ArchiveOutputPath|Registry|ImageTag)=.+)$", property));
    }

    /// <summary>The image listens at the port that is published, and a Host with these settings, in production, is healthy.</summary>
    public static async Task CheckRunAsync(FencedBlock block, string command)
    {
        Assert.Equal(Port, PublishedPort().Match(command).Groups[1].Value);
        Assert.Equal($"http://+:{Port}", Project.Descendants("ContainerEnvironmentVariable").Single(one => one.Attribute("Include")!.Value == "ASPNETCORE_URLS").Attribute("Value")!.Value);
        var named = Setting().Matches(command).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value.Trim('"'));
        Assert.All(named.Keys, name => Assert.Contains(name, SettingsPage.Names));

        var settings = named.ToDictionary(one => one.Key, one => one.Value.StartsWith('$') ? $"{Guid.NewGuid():N}{Guid.NewGuid():N}" : one.Value);
        Assert.True(settings.Remove("AzureWebJobsStorage"), $"{block} names no storage.");
        settings["AzureWebJobsStorage"] = (await Azurite.Shared).ConnectionString;
        var suffix = Guid.NewGuid().ToString("N")[..8];
        (settings["Billing__TablePrefix"], settings["Billing__QueuePrefix"]) = ($"c{suffix}", $"c{suffix}-");
        await using var host = await HostProcess.StartAsync(settings);
        using var http = new HttpClient { BaseAddress = host.Address };
        await Eventually.SeeAsync(async () => await http.GetStringAsync(new Uri("/health", UriKind.Relative)), text => text.Contains("\"status\":\"ok\"", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"-p \S*?\d+:(\d+) ")]
    private static partial Regex PublishedPort();

    [GeneratedRegex(@"-e (\w+)=(""[^""]*""|\S+)")]
    private static partial Regex Setting();
}
