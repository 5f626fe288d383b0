using System.Collections.Immutable;
using Billing.Reading;

namespace Billing.Catalogs.Reading;

/// <summary>Reads the templates, and later checks their attributes against what the prices read of them.</summary>
internal sealed class TemplateReader
{
    private const int MaxTemplates = 1_000;
    private readonly ImmutableArray<(ObjectReader Reader, ObjectReader Attributes, Template Template)> _templates;

    public TemplateReader(ObjectReader root)
    {
        _templates = [.. root.Objects("templates", MaxTemplates, required: false).Select(Read)];
        foreach (var (reader, _, template) in _templates.Where(read => read.Template.Id.Length > 0).GroupBy(read => read.Template.Id).SelectMany(same => same.Skip(1)))
        {
            reader.Reject("id", $"'{template.Id}' is another template's id, too");
        }

        Index = new TemplateIndex([.. _templates.Select(read => read.Template)]);
    }

    public TemplateIndex Index { get; }

    /// <summary>The largest value of an attribute that must be a factor in every template; null when it is not.</summary>
    public decimal? LargestFactor(string attribute)
    {
        ImmutableArray<decimal?> values = [.. Attributes().Select(attributes => FactorReader.Value(attributes, attribute))];
        return values.Contains(null) ? null : values.Max();
    }

    /// <summary>Notes every template whose attribute is not one of <paramref name="choices"/>.</summary>
    public void ReadChoice(string attribute, ImmutableArray<string> choices, bool required)
    {
        foreach (var attributes in required ? Attributes() : _templates.Select(template => template.Attributes))
        {
            attributes.OneOf(attribute, choices, required);
        }
    }

    /// <summary>Notes what neither <see cref="LargestFactor"/> nor <see cref="ReadChoice"/> asked for.</summary>
    public void RefuseUnread()
    {
        foreach (var template in _templates)
        {
            template.Attributes.RejectUnknown("neither a factor nor a field reads it");
        }
    }

    /// <summary>Of each template, whose attributes are read now and must be there.</summary>
    private IEnumerable<ObjectReader> Attributes()
    {
        foreach (var (reader, attributes, _) in _templates)
        {
            reader.Find("attributes", required: true);
            yield return attributes;
        }
    }

    /// <summary>Reads a template for one workspace: what prices read of it must be there, and nothing may cost more than a catalog may ask.</summary>
    public static Template? ReadOwn(Pricing pricing, string id, ObjectReader body)
    {
        var (tier, values) = (body.Text("tier", 40, required: false), body.Scalars("attributes"));
        var attributes = body.Object("attributes");
        List<decimal?> factors = [.. pricing.Factors.Select(factor => factor is TemplateFactor template ? FactorReader.Value(attributes, template.Attribute) : factor.Largest)];
        foreach (var choice in pricing.Form.Fields.OfType<ChoiceField>())
        {
            _ = choice.DefaultFrom is { } from ? attributes.OneOf(from, choice.Choices) : null;
            _ = choice.Floor is { } floor ? attributes.OneOf(floor, choice.Choices, required: floor == choice.DefaultFrom) : null;
        }

        attributes.RejectUnknown("neither a factor nor a field reads it");
        if (factors.TrueForAll(factor => factor is not null) && !Pricing.IsWithinLimit(factors.OfType<decimal>()))
        {
            body.Reject("attributes", $"at its dearest a generation would cost more than {Credits.Limit} credits");
        }

        return body.Refusal() is null ? new Template(id, tier ?? "custom", values) { Own = true } : null;
    }

    private static (ObjectReader Reader, ObjectReader Attributes, Template Template) Read(ObjectReader reader)
    {
        var id = reader.Text("id", 100) ?? "";
        if (id.TrimEnd('*').Contains('*') || id.EndsWith("**", StringComparison.Ordinal))
        {
            reader.Reject("id", "can have one '*', at its end");
        }

        var template = new Template(id, reader.Text("tier", 40) ?? "", reader.Scalars("attributes", required: false));
        reader.RejectUnknown();
        return (reader, reader.Object("attributes", required: false), template);
    }
}
