using System.Text;
using System.Text.Json;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Testing;

namespace Billing.Tests.Rows;

/// <summary>docs/rows.md is made of the tables in the code. <c>BILLING_WRITE_DOCS=1 dotnet test --filter RowsPage</c> writes it anew.</summary>
public sealed class RowsPageTests
{
    private const string Begin = "<!-- made from RowSchema and RowNames -->\n";
    private static readonly string Page = Path.Combine(Repository.Root, "docs", "rows.md");

    [Fact]
    public void The_page_says_what_the_tables_say()
    {
        var written = File.ReadAllText(Page).ReplaceLineEndings("\n");
        var expected = written[..(written.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length)] + Made();
        if (Environment.GetEnvironmentVariable("BILLING_WRITE_DOCS") == "1")
        {
            File.WriteAllText(Page, expected);
        }

        Assert.Equal(expected, File.ReadAllText(Page).ReplaceLineEndings("\n"));
    }

    /// <summary>Rows are told apart by what their keys begin with: those of the tables, those without JSON of ours, and those that are to come.</summary>
    [Fact]
    public void No_row_key_begins_as_another_kind_does()
    {
        (Table Table, string Prefix)[] others = [(Table.Ledger, "rate:"), (Table.People, "key:"), (Table.People, "roll"), (Table.People, "left:"), (Table.People, "plan:"), (Table.People, "file:")];
        var all = RowSchema.All.Select(kind => (kind.Table, kind.Prefix)).Concat(RowSchema.Reserved.Select(row => (row.Table, row.Prefix))).Concat(others).ToList();
        Assert.All(all, one => Assert.Single(all, other => other.Table == one.Table && other.Prefix.StartsWith(one.Prefix, StringComparison.Ordinal)));
        Assert.All(RowSchema.Reserved, row => Assert.StartsWith(row.Prefix, row.Key, StringComparison.Ordinal));
        Assert.All(RowSchema.Reserved.Where(row => row.Table == Table.Ledger), row => Assert.Throws<JsonException>(() => RowSchema.KindOf(row.Key)));
    }

    private static string Made()
    {
        var text = new StringBuilder("\n| table | row key | holds | kept | is |\n|---|---|---|---|---|\n");
        foreach (var kind in RowSchema.All)
        {
            text.Append($"| {kind.Table.ToString().ToLowerInvariant()} | `{kind.Key}` | {kind.Holds} | {kind.Kept.Text} | {Name(kind.Type)} |\n");
        }

        text.Append("\n## Reserved\n\nThe place of rows that come with later work: nobody writes them yet, and nothing else may begin with their keys.\n\n| table | row key | will hold |\n|---|---|---|\n");
        foreach (var row in RowSchema.Reserved)
        {
            text.Append($"| {row.Table.ToString().ToLowerInvariant()} | `{row.Key}` | {row.Holds} |\n");
        }

        text.Append("\n## Names\n\nWhat each property is called in a row; the same names are pinned by the golden rows.\n\n| type | names |\n|---|---|\n");
        foreach (var (type, names) in RowNames.Properties.OrderBy(one => Name(one.Key), StringComparer.Ordinal))
        {
            text.Append($"| {Name(type)} | {string.Join(", ", names.Select(one => $"`{one.Name}`"))} |\n");
        }

        return text.ToString();
    }

    private static string Name(Type type) => type.Name;
}
