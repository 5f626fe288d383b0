using System.Collections.Immutable;

namespace Billing.Catalogs.Reading;

/// <summary>Reads one field of a product's requests; null when it has mistakes that leave no field.</summary>
internal static class FieldReader
{
    private const long MaxInteger = 1_000_000_000_000;

    /// <summary>What requests have for every product: a field of such a name could never be read.</summary>
    private static readonly ImmutableArray<string> Common = ["workspace_id", "workspaceId", "quote", "description", "metadata"];

    public static Field? Read(ObjectReader reader, TemplateShelf templates)
    {
        var name = reader.Id("name") ?? "";
        var aliases = reader.Has("aliases") ? reader.Words("aliases", max: 5) : [];
        if (aliases.Add(name).Any(Common.Contains))
        {
            reader.Error("name", "this name or alias belongs to every product's requests");
        }

        var (required, refusal) = (reader.Flag("required"), ReadRefusal(reader));
        var type = reader.OneOf("type", required: true, "choice", "integer", "text", "template");
        Field? field = type switch
        {
            "choice" => ReadChoice(reader, new ChoiceField(name, aliases, required, null, refusal, [], null)),
            "integer" => ReadInteger(reader, new IntegerField(name, aliases, required, null, refusal, 0, 0)),
            "text" => new TextField(name, aliases, required, null, (int)(reader.Integer("max_length", 1, 1_000) ?? 1)),
            "template" => new TemplateField(name, aliases, required, null, templates),
            _ => null,
        };
        if (refusal is not null && field is TextField or TemplateField)
        {
            reader.Error("refusal", "only a choice or an integer has a limit to refuse by");
        }

        var hasDefault = reader.Has("default");
        var complete = hasDefault && field is not null ? WithDefault(reader, field) : field;
        if (type is not null)
        {
            reader.RefuseUnknown();
        }

        return complete;
    }

    private static string? ReadRefusal(ObjectReader reader) => reader.OneOf(
        "refusal", required: false, Refusals.FormatNotSupported, Refusals.DimensionsTooLarge, Refusals.FileTooLarge);

    private static ChoiceField? ReadChoice(ObjectReader reader, ChoiceField field)
    {
        var (choices, floor) = (reader.Words("choices", max: 100), reader.Id("floor", required: false));
        if (floor is not null && reader.Has("default"))
        {
            reader.Error("default", "contradicts floor: the template's own is the default");
        }

        if (floor is not null && reader.Has("refusal"))
        {
            reader.Error("refusal", "contradicts floor: what is no choice cannot be compared");
        }

        return choices.IsEmpty ? null : field with { Choices = choices, Floor = floor };
    }

    private static IntegerField? ReadInteger(ObjectReader reader, IntegerField field)
    {
        var (min, max) = (reader.Integer("min", 0, MaxInteger), reader.Integer("max", 0, MaxInteger));
        if (min > max)
        {
            reader.Error("max", $"must be at least min, {min}");
        }

        return min is null || max is null || min > max ? null : field with { Min = min.Value, Max = max.Value };
    }

    private static Field WithDefault(ObjectReader reader, Field field)
    {
        if (field.Required)
        {
            reader.Error("default", "contradicts required: it would never be used");
            return field;
        }

        if ((field.Read(reader.Element("default")!.Value, out var value) ?? field.BeyondLimit(value)) is { } wrong)
        {
            reader.Error("default", wrong);
        }

        return field with { Default = value };
    }
}
