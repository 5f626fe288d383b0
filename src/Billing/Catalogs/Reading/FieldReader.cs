using System.Collections.Immutable;
using Billing.Reading;

namespace Billing.Catalogs.Reading;

/// <summary>Reads one field of a product's requests; null when it has mistakes that leave no field.</summary>
internal static class FieldReader
{
    private const long MaxInteger = 1_000_000_000_000;
    private const int LongestDescription = 500;

    /// <summary>What requests have for every product: a field of such a name could never be read.</summary>
    private static readonly ImmutableArray<string> Common = ["workspace_id", "workspaceId", "quote", "description", "metadata", "create"];

    public static Field? Read(ObjectReader reader, TemplateIndex templates)
    {
        var name = reader.Id("name") ?? "";
        var aliases = reader.Has("aliases") ? reader.Words("aliases", most: 5) : [];
        if (aliases.Add(name).Any(Common.Contains))
        {
            reader.Reject("name", "this name or alias belongs to every product's requests");
        }

        var description = reader.Text("description", LongestDescription, required: false);
        var (required, refusal) = (reader.Flag("required"), ReadRefusal(reader));
        var type = reader.OneOf("type", ["choice", "integer", "text", "template"]);
        Field? field = type switch
        {
            "choice" => ReadChoice(reader, new ChoiceField(name, aliases, required, null, refusal, [], ImmutableSortedDictionary<string, string>.Empty, null, null)),
            "integer" => ReadInteger(reader, new IntegerField(name, aliases, required, null, refusal, 0, 0)),
            "text" => new TextField(name, aliases, required, null, (int)(reader.Whole("max_length", 1, 1_000) ?? 1)),
            "template" => new TemplateField(name, aliases, required, null, templates),
            _ => null,
        };
        if (refusal is not null && field is TextField or TemplateField)
        {
            reader.Reject("refusal", "only a choice or an integer has a limit to refuse by");
        }

        var hasDefault = reader.Has("default");
        var complete = hasDefault && field is not null ? WithDefault(reader, field) : field;
        if (type is not null)
        {
            reader.RejectUnknown();
        }

        return complete is null ? null : complete with { Description = description };
    }

    private static string? ReadRefusal(ObjectReader reader) => reader.OneOf(
        "refusal", [RefusalCodes.FormatNotSupported, RefusalCodes.DimensionsTooLarge, RefusalCodes.FileTooLarge], required: false);

    private static ChoiceField? ReadChoice(ObjectReader reader, ChoiceField field)
    {
        var (choices, synonyms) = (reader.Words("choices", most: 100), ReadSynonyms(reader));
        var (from, floor) = (reader.Id("default_from", required: false), reader.Id("floor", required: false));
        if (from is not null && (reader.Has("default") || field.Required))
        {
            reader.Reject("default_from", "contradicts default and required: the template's own is the default");
        }

        foreach (var same in choices.GroupBy(choice => choice, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1))
        {
            reader.Reject("choices", $"'{same.Key}' is there twice: choices are read in any case");
        }

        foreach (var (word, choice) in synonyms.Where(pair => !choices.Contains(pair.Value) || choices.Contains(pair.Key, StringComparer.OrdinalIgnoreCase)))
        {
            reader.Reject("synonyms", $"'{word}' must stand for one of the choices and be none itself: '{choice}'");
        }

        if (floor is not null && reader.Has("refusal"))
        {
            reader.Reject("refusal", "contradicts floor: what is no choice cannot be compared");
        }

        return choices.IsEmpty ? null : field with { Choices = choices, Synonyms = synonyms, DefaultFrom = from, Floor = floor };
    }

    private static ImmutableSortedDictionary<string, string> ReadSynonyms(ObjectReader reader) =>
        (reader.Texts("synonyms", longestName: 40, longest: 40) ?? ImmutableSortedDictionary<string, string>.Empty)
            .DistinctBy(pair => pair.Key.ToLowerInvariant())
            .ToImmutableSortedDictionary(pair => pair.Key.ToLowerInvariant(), pair => pair.Value, StringComparer.Ordinal);

    private static IntegerField? ReadInteger(ObjectReader reader, IntegerField field)
    {
        var (min, max) = (reader.Whole("min", 0, MaxInteger), reader.Whole("max", 0, MaxInteger));
        if (min > max)
        {
            reader.Reject("max", $"must be at least min, {min}");
        }

        return min is null || max is null || min > max ? null : field with { Min = min.Value, Max = max.Value };
    }

    private static Field WithDefault(ObjectReader reader, Field field)
    {
        if (field.Required)
        {
            reader.Reject("default", "contradicts required: it would never be used");
            return field;
        }

        if ((field.Read(reader.Peek("default")!.Value, out var value) ?? field.BeyondLimit(value)) is { } wrong)
        {
            reader.Reject("default", wrong);
        }

        return field with { Default = value };
    }
}
