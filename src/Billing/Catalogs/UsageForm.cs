using System.Collections.Immutable;
using System.Text.Json;

namespace Billing.Catalogs;

/// <summary>The fields of a product's generation requests.</summary>
/// <param name="Fields">In catalog order.</param>
/// <param name="UnitsField">The field that counts the things made; null when a request always makes one.</param>
internal sealed record UsageForm(ImmutableArray<Field> Fields, IntegerField? UnitsField)
{
    private readonly TemplateField? _templateField = Fields.OfType<TemplateField>().FirstOrDefault();
    private readonly ImmutableArray<ChoiceField> _floored = [.. Fields.OfType<ChoiceField>().Where(field => field.Floor is not null)];

    /// <summary>All templates; empty for a product without.</summary>
    public ImmutableArray<Template> Templates => _templateField?.Templates.All ?? [];

    /// <summary>The template that a usage names; null for a product without, or when none was asked for.</summary>
    public Template? TemplateOf(Usage usage) =>
        _templateField is { } field && usage.Values.TryGetValue(field.Name, out var id) ? field.Templates.Find(id.Text!) : null;

    public UsageResult Parse(IReadOnlyDictionary<string, JsonElement> sent)
    {
        var errors = new FieldErrors();
        var values = ImmutableSortedDictionary.CreateBuilder<string, Scalar>(StringComparer.Ordinal);
        foreach (var field in Fields)
        {
            if (Value(field, sent, errors) is { } value)
            {
                values[field.Name] = value;
            }
        }

        foreach (var name in sent.Keys.Where(name => !Fields.Any(field => IsNameOf(field, name))))
        {
            var close = Spelling.Closest(name, Fields.Select(field => field.Name));
            errors.Add(name, close is null ? "unknown field" : $"unknown field; did you mean '{close}'?");
        }

        return errors.Refusal() is { } refusal
            ? UsageResult.Of(refusal)
            : UsageResult.Of(Raised(new Usage(values.ToImmutable(), UnitsField is { } units ? (long)values[units.Name].Number!.Value : 1)));
    }

    /// <summary>The first field that is beyond its limit, as a refusal.</summary>
    public Refusal? CheckLimits(Usage usage) => Fields
        .Where(field => field.RefusalCode is not null && usage.Values.ContainsKey(field.Name))
        .Select(field => field.BeyondLimit(usage.Values[field.Name]) is { } wrong ? new Refusal(field.RefusalCode!, $"{field.Name}: {wrong}") : null)
        .FirstOrDefault(refusal => refusal is not null);

    private static Scalar? Value(Field field, IReadOnlyDictionary<string, JsonElement> sent, FieldErrors errors)
    {
        var names = field.Aliases.Prepend(field.Name)
            .Where(name => sent.TryGetValue(name, out var element) && element.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined))
            .ToList();
        switch (names)
        {
            case []:
                if (field.Required)
                {
                    errors.Add(field.Name, "is required");
                }

                return field.Default;
            case [var name]:
                if (field.Read(sent[name], out var value) is { } wrong)
                {
                    errors.Add(name, wrong);
                }

                return value;
            default:
                errors.Add(field.Name, $"is given twice, as {string.Join(" and ", names)}");
                return null;
        }
    }

    /// <summary>Lifts each choice that is below the template's own to it.</summary>
    private Usage Raised(Usage usage)
    {
        if (_floored.Length == 0 || TemplateOf(usage) is not { } template)
        {
            return usage;
        }

        var values = usage.Values;
        foreach (var field in _floored.Where(field => values.ContainsKey(field.Name)))
        {
            values = values.SetItem(field.Name, Scalar.Of(field.Highest(values[field.Name].Text!, template.Attributes[field.Floor!].Text!)));
        }

        return usage with { Values = values };
    }

    private static bool IsNameOf(Field field, string name) => field.Name == name || field.Aliases.Contains(name);
}
