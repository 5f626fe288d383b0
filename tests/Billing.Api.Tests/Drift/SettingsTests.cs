using System.Text.RegularExpressions;
using Billing.Testing;
using Microsoft.Extensions.Configuration;

namespace Billing.Api.Tests.Drift;

/// <summary>The code reads its settings, Bicep sets them in Azure and local.settings.example.json on a developer's machine: each of the three against the others.</summary>
public sealed partial class SettingsTests
{
    // A connection string has a key in it, and in Azure there is no key; an account's name is of no use to the emulator.
    private static readonly string[] LocalOnly = ["AzureWebJobsStorage", "Billing__TestClock"];
    private static readonly string[] AzureOnly = ["AzureWebJobsStorage__accountName", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING"];

    [Fact]
    public void Every_setting_that_the_code_reads_is_set_in_Bicep() =>
        Assert.Equal(Read().Except(LocalOnly).Order(StringComparer.Ordinal), SettingsFiles.InBicep().Where(IsOurs).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_setting_that_the_code_reads_is_set_in_the_example_for_local_runs() =>
        Assert.Equal(Read().Except(AzureOnly).Order(StringComparer.Ordinal), SettingsFiles.InExample().Where(IsOurs).Order(StringComparer.Ordinal));

    [Fact]
    public void Bicep_and_the_example_set_the_same() =>
        Assert.Equal(SettingsFiles.InBicep().Where(IsOurs).Except(AzureOnly).Order(StringComparer.Ordinal), SettingsFiles.InExample().Where(IsOurs).Except(LocalOnly).Order(StringComparer.Ordinal));

    [Fact]
    public void Storage_is_reached_by_identity_in_Azure_and_by_the_emulators_connection_string_locally()
    {
        Assert.Superset(new HashSet<string> { "AzureWebJobsStorage__accountName", "AzureWebJobsStorage__credential", "AzureWebJobsStorage__clientId", "AZURE_CLIENT_ID" }, SettingsFiles.InBicep().ToHashSet());
        using var example = HostJson.Read("local.settings.example.json");
        Assert.Equal("UseDevelopmentStorage=true", example.RootElement.GetProperty("Values").GetProperty("AzureWebJobsStorage").GetString());
    }

    [Fact]
    public void The_Functions_host_leaves_the_root_to_the_landing_page()
    {
        Assert.Contains("    AzureWebJobsDisableHomepage: 'true'", SettingsFiles.AppBicep(), StringComparison.Ordinal);
        using var example = HostJson.Read("local.settings.example.json");
        Assert.Equal("true", example.RootElement.GetProperty("Values").GetProperty("AzureWebJobsDisableHomepage").GetString());
    }

    [Fact]
    public void The_keys_of_callers_are_references_to_the_vault() =>
        Assert.All(["Billing__ServiceKeys__0", "Billing__OperatorKeys__0", "Billing__SigningKeys__0"], name =>
            Assert.Matches($@"{name}: '@Microsoft\.KeyVault\(VaultName=\$\{{vaultName\}};SecretName=[a-z-]+\)'", SettingsFiles.AppBicep()));

    [Fact]
    public void The_example_and_the_Hosts_development_settings_have_the_same_values()
    {
        using var example = HostJson.Read("local.settings.example.json");
        var host = new ConfigurationBuilder().AddJsonFile(Path.Combine(Repository.Root, "src", "Billing.Host", "appsettings.Development.json")).Build();
        var values = example.RootElement.GetProperty("Values").EnumerateObject().ToDictionary(value => value.Name.Replace("__", ":", StringComparison.Ordinal), value => value.Value.GetString());
        Assert.All(host.AsEnumerable().Where(setting => setting.Value is not null && !setting.Key.StartsWith("Logging:", StringComparison.Ordinal)), setting => Assert.Equal(values[setting.Key], setting.Value));
    }

    private static bool IsOurs(string name) => name.StartsWith("Billing__", StringComparison.Ordinal) || name.StartsWith("OTEL_", StringComparison.Ordinal) || name.StartsWith("APPLICATIONINSIGHTS_", StringComparison.Ordinal) || name is "AzureWebJobsStorage" or "AzureWebJobsStorage__accountName";

    // configuration["Billing:PublicUrl"], and lists: Keys(configuration, "Billing:ServiceKeys"), Numbered("Billing:Shards").
    private static HashSet<string> Read() =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => SettingRead().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups["name"].Value.Replace(":", "__", StringComparison.Ordinal) + (match.Groups["list"].Success ? "__0" : "")),
    ];

    [GeneratedRegex("""([cC]onfiguration\[|(?<list>Keys\(configuration, |Numbered\())"(?<name>(Billing|AzureWebJobsStorage|OTEL_|APPLICATIONINSIGHTS_)[A-Za-z:_]*)"[,\])]""")]
    private static partial Regex SettingRead();
}
