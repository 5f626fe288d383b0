using Billing.Testing;

namespace Billing.Api.Tests.Docs;

/// <summary>What stands between two fences of a document.</summary>
/// <param name="File">Path from the root.</param>
/// <param name="Line">Of the opening fence, from 1.</param>
/// <param name="Language">The word after the fence; empty without one.</param>
/// <param name="Text">The lines between.</param>
internal sealed record FencedBlock(string File, int Line, string Language, string Text)
{
    private const string Fence = "```";

    /// <summary>What a reader of this repository is given to read.</summary>
    public static IReadOnlyList<string> Files { get; } =
    [
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "SECURITY.md",
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories).Select(Relative).Order(StringComparer.Ordinal),
        "src/Billing.Client/README.md",
        "src/Billing.Client.Testing/README.md",
        "src/billing-client-ts/README.md",
        "src/Billing.Api/OpenApi/README.md",
    ];

    public static string Read(string file) => System.IO.File.ReadAllText(Path.Combine(Repository.Root, file));

    public static IEnumerable<FencedBlock> In(string file)
    {
        var lines = Read(file).ReplaceLineEndings("\n").Split('\n');
        for (var at = 0; at < lines.Length; at++)
        {
            if (!lines[at].StartsWith(Fence, StringComparison.Ordinal))
            {
                continue;
            }

            var end = Array.IndexOf(lines, Fence, at + 1);
            Assert.True(end > at, $"{file}:{at + 1} opens a fence that nothing closes.");
            yield return new FencedBlock(file, at + 1, lines[at][Fence.Length..].Trim(), string.Join('\n', lines[(at + 1)..end]));
            at = end;
        }
    }

    public override string ToString() => $"{File}:{Line} ({Fence}{Language})";

    private static string Relative(string path) => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/');
}
