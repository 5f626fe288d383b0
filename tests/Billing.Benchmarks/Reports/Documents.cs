using Billing.Testing;

namespace Billing.Benchmarks.Reports;

/// <summary>Puts sections into docs/benchmarks.md, each where its marks are, so that one can be measured again without the others.</summary>
internal static class Documents
{
    private static readonly string Folder = Path.Combine(Repository.Root, "docs");

    public static void Write(Section section)
    {
        Directory.CreateDirectory(Folder);
        foreach (var (file, svg) in section.Pictures)
        {
            File.WriteAllText(Path.Combine(Folder, file), svg);
        }

        var path = Path.Combine(Folder, "benchmarks.md");
        var text = File.Exists(path) ? File.ReadAllText(path) : "# Benchmarks\n";
        var (begin, end) = ($"<!-- {section.Name} -->\n", $"<!-- end of {section.Name} -->\n");
        var pictures = string.Concat(section.Pictures.Select(picture => $"![{section.Title}]({picture.File})\n\n"));
        var marked = $"{begin}{section.Text.TrimEnd()}\n\n{pictures}{end}";
        var from = text.IndexOf(begin, StringComparison.Ordinal);
        var to = text.IndexOf(end, StringComparison.Ordinal);
        File.WriteAllText(path, from >= 0 && to > from ? text[..from] + marked + text[(to + end.Length)..] : $"{text.TrimEnd()}\n\n{marked}");
    }
}
