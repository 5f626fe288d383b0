using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Billing.Api.Tests.Drift;
using Billing.Testing;

namespace Billing.Api.Tests.Docs;

/// <summary>docs/settings.md against what reads settings and what sets them: neither names one that the other does not know.</summary>
public sealed partial class SettingsPageTests
{
    // Read by .NET, its SDKs or the Functions host, and not named in our code.
    private static readonly string[] OfOthers =
        ["ASPNETCORE_URLS", "ASPNETCORE_ENVIRONMENT", "FUNCTIONS_WORKER_RUNTIME", "OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG", "OTEL_SERVICE_NAME"];

    // Words of ours in the column of defaults that are no literals of the code: .NET's own default, and what stands in infra.
    private static readonly string[] DefaultsElsewhere = ["Production", "false", "0", "1", "dev"];

    private static readonly string Source = string.Concat(SourceFiles());

    [Fact]
    public void Every_setting_that_the_code_reads_is_on_the_page() => Assert.Empty(InCode().Except(SettingsPage.Names));

    [Fact]
    public void Every_setting_that_Bicep_or_the_example_sets_is_on_the_page() =>
        Assert.Empty(SettingsFiles.InBicep().Concat(SettingsFiles.InExample()).Except(SettingsPage.Names));

    [Fact]
    public void Every_variable_that_a_deployment_reads_is_on_the_page() => Assert.Empty(OfDeployments().Except(SettingsPage.Names));

    [Fact]
    public void Every_setting_on_the_page_is_read_or_set_by_somebody() =>
        Assert.Empty(SettingsPage.Names.Except([.. InCode(), .. SettingsFiles.InBicep(), .. SettingsFiles.InExample(), .. OfDeployments(), .. OfOthers]));

    [Fact]
    public void No_setting_has_two_rows() => Assert.Equal(SettingsPage.Names.Count, SettingsPage.Rows.Sum(row => row.Names.Length));

    [Fact]
    public void Every_default_is_one_of_the_code() => Assert.All(
        SettingsPage.Rows.SelectMany(row => SettingsPage.QuotedIn(row.Default)).Except(DefaultsElsewhere).Except(SettingsPage.Names),
        value => Assert.Contains($"\"{value}\"", Source, StringComparison.Ordinal));

    [Theory]
    [InlineData("""configuration["Billing:New"]""", "Billing__New")]
    [InlineData("""wrong("Billing:Other", "is wrong")""", "Billing__Other")]
    [InlineData("""Numbered("Billing:Shards")""", "Billing__Shards__0")]
    [InlineData("""configuration["Kestrel:Endpoints"]""", "Kestrel__Endpoints")]
    [InlineData("""Environment.GetEnvironmentVariable("OTEL_NEW")""", "OTEL_NEW")]
    public void A_setting_in_code_is_seen(string code, string name) => Assert.Equal([name], NamesIn(code));

    private static ImmutableHashSet<string> InCode() => NamesIn(Source);

    // Of a list the first stands for all; what belongs to an entry is read of the entry's section.
    private static ImmutableHashSet<string> NamesIn(string code)
    {
        var lists = List().Matches(code).Select(match => match.Groups[1].Value).ToHashSet();
        var names = Name().Matches(code).Select(match => match.Groups[1].Value).Select(name => name + (lists.Contains(name) ? ":0" : ""))
            .Concat(code.Contains("GetSection(\"Products\")", StringComparison.Ordinal) ? ["Billing:ServiceKeys:0:Products"] : [])
            .Concat(code.Contains("setting[\"accountName\"]", StringComparison.Ordinal) ? ["Billing:Shards:0:accountName"] : []);
        return [.. names.Select(name => name.Replace(":", "__", StringComparison.Ordinal))];
    }

    private static IEnumerable<string> OfDeployments() => Deployment().Matches(FencedBlock.Read("infra/main.bicepparam")).Select(match => match.Groups[1].Value);

    private static IEnumerable<string> SourceFiles() => Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !Path.GetRelativePath(Repository.Root, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
        .Select(File.ReadAllText);

    [GeneratedRegex("""
        "((?:Billing|AzureWebJobs\w+|Kestrel):[A-Za-z]+|AzureWebJobs\w+|(?:OTEL|APPLICATIONINSIGHTS|AZURE|FUNCTIONS|ASPNETCORE)_[A-Z_]+)"
        """)]
    private static partial Regex Name();

    [GeneratedRegex("""
        (?:Keys\(configuration, |Numbered\()"([A-Za-z:]+)"
        """)]
    private static partial Regex List();

    [GeneratedRegex(@"readEnvironmentVariable\('(\w+)'")]
    private static partial Regex Deployment();
}
