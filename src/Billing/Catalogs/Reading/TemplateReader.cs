using System.Collections.Immutable;

namespace Billing.Catalogs.Reading;

/// <summary>Reads the templates, and later checks their attributes against what the prices read of them.</summary>
internal sealed class TemplateReader
{
    private const int MaxTemplates = 1_000;
    private readonly ImmutableArray<(ObjectReader Reader, Template Template)> _templates;

    public TemplateReader(ObjectReader root)
    {
        _templates = [.. root.Objects("templates", MaxTemplates, required: false).Select(reader => (reader, Read(reader)))];
        foreach (var (reader, template) in _templates.Where(read => read.Template.Id.Length > 0).GroupBy(read => read.Template.Id).SelectMany(same => same.Skip(1)))
        {
            reader.Error("id", $"'{template.Id}' is another template's id, too");
        }

        Shelf = new TemplateShelf([.. _templates.Select(read => read.Template)]);
    }

    public TemplateShelf Shelf { get; }

    /// <summary>The largest value of an attribute that must be a factor in every template; null when it is not.</summary>
    public decimal? LargestFactor(string attribute)
    {
        var good = true;
        foreach (var (reader, template) in _templates)
        {
            var wrong = template.Attributes.TryGetValue(attribute, out var value) ? ObjectReader.WrongAsFactor(value) : "is required";
            if (wrong is not null)
            {
                reader.Error($"attributes.{attribute}", wrong);
                good = false;
            }
        }

        return good && _templates.Length > 0 ? _templates.Max(read => read.Template.Attributes[attribute].Number) : null;
    }

    /// <summary>Notes every template whose attribute is not one of <paramref name="choices"/>.</summary>
    public void RequireChoice(string attribute, ImmutableArray<string> choices)
    {
        foreach (var (reader, template) in _templates)
        {
            var value = template.Attributes.TryGetValue(attribute, out var found) ? found.Text ?? "" : null;
            if (value is null || !choices.Contains(value))
            {
                reader.Error($"attributes.{attribute}", value is null ? "is required" : $"must be one of {string.Join(", ", choices)}");
            }
        }
    }

    /// <summary>Notes every attribute that nothing reads.</summary>
    public void RefuseUnread(IReadOnlySet<string> read)
    {
        foreach (var (reader, template) in _templates)
        {
            foreach (var unread in template.Attributes.Keys.Where(attribute => !read.Contains(attribute)))
            {
                reader.Error($"attributes.{unread}", "no factor and no floor reads it");
            }
        }
    }

    private static Template Read(ObjectReader reader)
    {
        var id = reader.Text("id", 100);
        if (id?.TrimEnd('*').Contains('*') is true || id?.EndsWith("**", StringComparison.Ordinal) is true)
        {
            reader.Error("id", "can have one '*', at its end");
        }

        var template = new Template(id ?? "", reader.Text("tier", 40) ?? "", reader.Scalars("attributes", required: false));
        reader.RefuseUnknown();
        return template;
    }
}
