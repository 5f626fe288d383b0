using System.Reflection;
using System.Text.RegularExpressions;
using Billing.Api.Http;
using Billing.Testing;

namespace Billing.Api.Tests.Docs;

/// <summary>What the documents name is there: files, endpoints, settings, codes.</summary>
public sealed partial class NamesTests
{
    public static TheoryData<string> Files => [.. FencedBlock.Files];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_link_leads_somewhere(string file)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, file))!;
        var links = Link().Matches(FencedBlock.Read(file)).Select(match => match.Groups[1].Value.Split('#')[0]).Where(link => link.Length > 0 && !link.StartsWith("https://", StringComparison.Ordinal));
        Assert.All(links, link => Assert.True(Path.Exists(Path.Combine(folder, link)), $"{file} links to {link}."));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_path_is_there_unless_git_ignores_it(string file)
    {
        var ignored = FencedBlock.Read(".gitignore").ReplaceLineEndings("\n").Split('\n');
        var paths = RepositoryPath().Matches(FencedBlock.Read(file)).Select(match => match.Groups[1].Value).Where(path => !ignored.Contains(Path.GetFileName(path)));
        Assert.All(paths, path => Assert.True(Path.Exists(Path.Combine(Repository.Root, path)), $"{file} names {path}."));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_endpoint_is_in_the_table(string file)
    {
        var known = EndpointTable.All.AddRange(EndpointTable.Development).Select(endpoint => Unnamed($"{endpoint.Method} /{endpoint.Route}")).ToHashSet();
        var named = NamedEndpoint().Matches(FencedBlock.Read(file)).Select(match => (Method: match.Groups[1].Value, Path: match.Groups[2].Value));
        Assert.All(named, one => Assert.True(
            known.Contains(Unnamed($"{one.Method} {one.Path}")) || known.Contains(Unnamed($"{one.Method} /api/v1{one.Path}")), $"{file} names {one.Method} {one.Path}."));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_setting_is_on_the_page_of_settings(string file) => Assert.All(
        Setting().Matches(FencedBlock.Read(file)).Select(match => Number().Replace(match.Value, "__0")),
        name => Assert.True(
            SettingsPage.Names.Any(known => known.StartsWith(name, StringComparison.Ordinal)) || IsReadBeside(file, name), $"{file} names {name}, which docs/settings.md does not."));

    [Fact]
    public void The_page_on_errors_names_every_code_under_its_status()
    {
        var codes = typeof(RefusalCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!);
        var rows = ErrorRow().Matches(FencedBlock.Read("docs/errors.md"))
            .SelectMany(row => Code().Matches(row.Groups[2].Value).Select(code => $"{row.Groups[1].Value} {code.Groups[1].Value}"));
        Assert.Equal(codes.Select(code => $"{Problem.StatusOf(code)} {code}").Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
    }

    // A sample has settings of its own, and says so itself.
    private static bool IsReadBeside(string file, string name) => file.StartsWith("docs/samples/", StringComparison.Ordinal)
        && Directory.EnumerateFiles(Path.GetDirectoryName(Path.Combine(Repository.Root, file))!, "*.cs")
            .Any(source => File.ReadAllText(source).Contains($"\"{name.Replace("__", ":", StringComparison.Ordinal)}\"", StringComparison.Ordinal));

    private static string Unnamed(string route) => Placeholder().Replace(route, "{}");

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`((?:src|tests|docs|infra)/[\w./-]*)`")]
    private static partial Regex RepositoryPath();

    [GeneratedRegex(@"`(GET|POST|PUT|PATCH|DELETE) (/[^\s`?]*)")]
    private static partial Regex NamedEndpoint();

    [GeneratedRegex(@"\bBilling__\w+")]
    private static partial Regex Setting();

    [GeneratedRegex(@"__\d+")]
    private static partial Regex Number();

    [GeneratedRegex(@"^\| (\d{3}) \| ([^|]+) \|", RegexOptions.Multiline)]
    private static partial Regex ErrorRow();

    [GeneratedRegex(@"`([A-Z_]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Placeholder();
}
