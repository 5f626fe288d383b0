using System.Collections.Immutable;
using Billing.Reading;

namespace Billing.Catalogs.Reading;

/// <summary>A factor of a catalog, for its kind to read: with the fields and templates that it may name.</summary>
internal sealed class FactorReader
{
    private readonly ImmutableArray<(string? Name, Field? Field)> _fields;
    private readonly TemplateReader _templates;

    private FactorReader(ObjectReader json, ImmutableArray<(string? Name, Field? Field)> fields, TemplateReader templates)
    {
        (Json, _fields, _templates) = (json, fields, templates);
        Name = json.Id("name") ?? "";
    }

    public ObjectReader Json { get; }

    public string Name { get; }

    /// <summary>The factor; null when it has mistakes.</summary>
    public static Factor? Read(ObjectReader json, ImmutableArray<(string? Name, Field? Field)> fields, TemplateReader templates)
    {
        var reader = new FactorReader(json, fields, templates);
        ImmutableArray<string> kinds = [.. Factor.Kinds.Select(one => one.Kind)];
        if (json.OneOf("kind", kinds) is not { } kind)
        {
            return null;
        }

        var factor = Factor.Kinds[kinds.IndexOf(kind)].Read(reader);
        json.RejectUnknown();
        return factor;
    }

    /// <summary>A number that can be a factor: its places are few enough for exact products.</summary>
    public static decimal? Value(ObjectReader reader, string name) => reader.Number(name, max: 1_000_000, Pricing.FactorPlaces);

    /// <summary>The field of that type which the factor names; null, and noted, when there is none.</summary>
    public T? Field<T>(string type)
        where T : Field
    {
        if (Json.Id("field") is not { } name)
        {
            return null;
        }

        var declared = _fields.FirstOrDefault(field => field.Name == name);
        if (declared.Name is null)
        {
            Json.Reject("field", $"there is no field '{name}'");
        }
        else if (declared.Field is not null and not T)
        {
            Json.Reject("field", $"'{name}' is not {type}");
        }

        return declared.Field as T;
    }

    /// <summary>The largest value of an attribute that every template must have as a factor; null, and noted, when there is none.</summary>
    public decimal? LargestOf(string attribute)
    {
        if (_templates.Index.All.IsEmpty)
        {
            Json.Reject("kind", "there are no templates");
        }

        return _templates.LargestFactor(attribute);
    }
}
