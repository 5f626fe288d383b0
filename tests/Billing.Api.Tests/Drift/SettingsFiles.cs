using System.Text.RegularExpressions;
using Billing.Testing;

namespace Billing.Api.Tests.Drift;

/// <summary>Where settings are made: Bicep for Azure, local.settings.example.json for a developer's machine.</summary>
internal static partial class SettingsFiles
{
    public static IEnumerable<string> InExample()
    {
        using var example = HostJson.Read("local.settings.example.json");
        return [.. example.RootElement.GetProperty("Values").EnumerateObject().Select(value => value.Name)];
    }

    /// <summary>Of a list, the first stands for all.</summary>
    public static IEnumerable<string> InBicep() =>
        SettingSet().Matches(AppBicep()).Select(match => match.Groups[1].Value).Where(name => !name.EndsWith("__1", StringComparison.Ordinal));

    public static string AppBicep() => File.ReadAllText(Path.Combine(Repository.Root, "infra", "modules", "app.bicep"));

    [GeneratedRegex(@"^    ([A-Z]\w*): ", RegexOptions.Multiline)]
    private static partial Regex SettingSet();
}
