using System.Text.RegularExpressions;
using Billing.Testing;

namespace Billing.Tests;

/// <summary>The folders of the rules depend one way: each may use those before it. A namespace is its folder, so the usings are the arrows.</summary>
public sealed partial class DirectionTests
{
    private static readonly string[] Order =
    [
        "Values", "Outcomes", "Reading", "RateLimits", "Catalogs", "Events", "Workspaces", "Overage", "Subscriptions", "TopUps", "Generations", "Keys", "Accounts",
        "Webhooks", "Audits",
    ];

    private static readonly string Rules = Path.Combine(Repository.Root, "src", "Billing");

    [Fact]
    public void Every_folder_has_its_place() => Assert.Equal(
        Order.Order(StringComparer.Ordinal),
        Directory.GetDirectories(Rules).Select(folder => Path.GetFileName(folder)!).Except(["bin", "obj"]).Order(StringComparer.Ordinal));

    [Fact]
    public void No_folder_uses_one_that_comes_after_it() =>
        Assert.Empty(Files().SelectMany(file => Used(file.Text).Where(used => Place(used) > Place(file.Folder)).Select(used => $"{file.Name}: {file.Folder} uses {used}")));

    [Fact]
    public void Namespaces_are_folders() => Assert.All(Files(), file =>
        Assert.Equal(file.Folder is "Values" or "Outcomes" ? "Billing" : $"Billing.{file.Folder}", Namespace().Match(file.Text).Groups[1].Value.Replace("Catalogs.Reading", "Catalogs", StringComparison.Ordinal)));

    // Values and Outcomes are the vocabulary of all and share the root namespace, so that nobody needs a using for Credits.
    [Fact]
    public void Values_know_no_outcomes() =>
        Assert.DoesNotContain(Files(), file => file.Folder == "Values" && OutcomeTypes().IsMatch(file.Text));

    private static int Place(string folder) => Array.IndexOf(Order, folder);

    private static IEnumerable<string> Used(string text) => Reference().Matches(text).Select(match => match.Groups[1].Value).Where(Order.Contains).Distinct();

    private static List<(string Name, string Folder, string Text)> Files() =>
    [
        .. Directory.EnumerateFiles(Rules, "*.cs", SearchOption.AllDirectories)
            .Select(file => (Name: Path.GetRelativePath(Rules, file), Text: File.ReadAllText(file)))
            .Select(file => (file.Name, Folder: file.Name.Split(Path.DirectorySeparatorChar)[0], file.Text))
            .Where(file => file.Folder is not ("bin" or "obj")),
    ];

    [GeneratedRegex(@"\b(?:global::)?Billing\.([A-Z]\w+)")]
    private static partial Regex Reference();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"\b(Outcome<|Refusal\b|RefusalCodes\b)")]
    private static partial Regex OutcomeTypes();
}
