using System.Collections.Immutable;
using Billing.Reading;

namespace Billing.Catalogs.Reading;

/// <summary>Reads the factors of a price; null for each that has mistakes.</summary>
internal sealed class FactorReader(ImmutableArray<(string? Name, Field? Field)> fields, TemplateReader templates)
{
    /// <summary>A number that can be a factor: its places are few enough for exact products.</summary>
    public static decimal? Value(ObjectReader reader, string name) => reader.Number(name, max: 1_000_000, Pricing.FactorPlaces);

    public Factor? Read(ObjectReader reader)
    {
        var name = reader.Id("name") ?? "";
        var kind = reader.OneOf("kind", ["constant", "lookup", "integer", "blocks", "template"]);
        Factor? factor = kind switch
        {
            "constant" => Value(reader, "value") is { } value ? new ConstantFactor(name, value) : null,
            "lookup" => ReadLookup(reader, name),
            "integer" => ReadInteger(reader, name, blockSize: 1),
            "blocks" => ReadInteger(reader, name, reader.Whole("size", 2, 1_000_000_000_000)),
            "template" => ReadTemplate(reader, name),
            _ => null,
        };
        if (kind is not null)
        {
            reader.RejectUnknown();
        }

        return factor;
    }

    private LookupFactor? ReadLookup(ObjectReader reader, string name)
    {
        if (FieldOf<ChoiceField>(reader, "a choice") is not { } field)
        {
            _ = reader.Has("values");
            return null;
        }

        var table = reader.Object("values");
        var values = field.Choices.Select(choice => (Choice: choice, Value: Value(table, choice)))
            .Where(pair => pair.Value is not null)
            .ToImmutableSortedDictionary(pair => pair.Choice, pair => pair.Value!.Value, StringComparer.Ordinal);
        table.RejectUnknown();
        if (field.RefusalCode is not null)
        {
            reader.Reject("field", $"'{field.Name}' has a refusal, so that a request may have a value without a price");
        }

        if (!field.AlwaysThere && field.DefaultFrom is null)
        {
            reader.Reject("field", $"'{field.Name}' must be required or have a default, perhaps from the template: without it there is no price");
        }

        return values.Count == field.Choices.Length ? new LookupFactor(name, field, values) : null;
    }

    private IntegerFactor? ReadInteger(ObjectReader reader, string name, long? blockSize)
    {
        if (FieldOf<IntegerField>(reader, "an integer") is not { } field)
        {
            return null;
        }

        if (!field.AlwaysThere)
        {
            reader.Reject("field", $"'{field.Name}' must be required or have a default: without it there is no price");
        }

        if (field.Min < 1)
        {
            reader.Reject("field", $"'{field.Name}' must have a min of at least 1: a price is above 0");
        }

        return blockSize is { } size ? new IntegerFactor(name, field, size) : null;
    }

    private TemplateFactor? ReadTemplate(ObjectReader reader, string name)
    {
        if (reader.Id("attribute") is not { } attribute)
        {
            return null;
        }

        if (templates.Index.All.IsEmpty)
        {
            reader.Reject("kind", "there are no templates");
        }

        return templates.LargestFactor(attribute) is { } largest ? new TemplateFactor(name, attribute, largest) : null;
    }

    /// <summary>The field of that type which a factor names; null, and noted, when there is none.</summary>
    private T? FieldOf<T>(ObjectReader reader, string type)
        where T : Field
    {
        if (reader.Id("field") is not { } name)
        {
            return null;
        }

        var declared = fields.FirstOrDefault(field => field.Name == name);
        if (declared.Name is null)
        {
            reader.Reject("field", $"there is no field '{name}'");
        }
        else if (declared.Field is not null and not T)
        {
            reader.Reject("field", $"'{name}' is not {type}");
        }

        return declared.Field as T;
    }
}
