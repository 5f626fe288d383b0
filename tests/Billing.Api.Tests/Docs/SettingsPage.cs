using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Billing.Api.Tests.Docs;

/// <summary>A row of docs/settings.md.</summary>
/// <param name="Names">What it names: one setting, or several that belong together.</param>
/// <param name="Default">As it stands there.</param>
internal sealed record SettingsRow(ImmutableArray<string> Names, string Default);

/// <summary>docs/settings.md, the one place that names every setting.</summary>
internal static partial class SettingsPage
{
    public static readonly ImmutableArray<SettingsRow> Rows =
    [
        .. Row().Matches(FencedBlock.Read("docs/settings.md").ReplaceLineEndings("\n"))
            .Select(row => new SettingsRow([.. Quoted().Matches(row.Groups[1].Value).Select(name => name.Groups[1].Value)], row.Groups[2].Value)),
    ];

    public static readonly ImmutableHashSet<string> Names = [.. Rows.SelectMany(row => row.Names)];

    /// <summary>What is between backticks.</summary>
    public static IEnumerable<string> QuotedIn(string text) => Quoted().Matches(text).Select(match => match.Groups[1].Value);

    [GeneratedRegex(@"^\| (`[^|]+`) \| ([^|]+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
