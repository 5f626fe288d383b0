using System.Collections.Immutable;
using System.Text.Json;
using Billing.Reading;

namespace Billing.Catalogs;

/// <summary>The fields of a product's generation requests.</summary>
/// <param name="UnitsField">The field that counts the things made; null when a request always makes one.</param>
internal sealed record UsageForm(ImmutableArray<Field> Fields, IntegerField? UnitsField)
{
    private readonly TemplateField? _templateField = Fields.OfType<TemplateField>().FirstOrDefault();
    private readonly ImmutableArray<ChoiceField> _floored = [.. Fields.OfType<ChoiceField>().Where(field => field.Floor is not null)];

    public ImmutableArray<Template> Templates => _templateField?.Templates.All ?? [];

    /// <summary>The template that a usage names; null for a product without, or when none was asked for.</summary>
    public Template? TemplateOf(Usage usage) =>
        _templateField is { } field && usage.Values.TryGetValue(field.Name, out var value) && value.Text is { } id ? field.Templates.Find(id) : null;

    /// <summary>The id of the template that a request names and there is not; null for none.</summary>
    public string? MissingTemplate(ObjectReader request) => _templateField is not { } field ? null : field.Aliases.Prepend(field.Name)
        .Select(request.Peek)
        .Select(element => element is { ValueKind: JsonValueKind.String } text ? JsonText.In(text) : null)
        .FirstOrDefault(id => id is not null && field.Templates.Find(id) is null);

    /// <summary>The same of a usage that was read before.</summary>
    public string? MissingTemplate(Usage usage) =>
        _templateField is { } field && usage.Values.GetValueOrDefault(field.Name).Text is { } id && field.Templates.Find(id) is null ? id : null;

    /// <summary>Notes what is wrong with the template that a request names.</summary>
    public void RejectTemplate(ObjectReader request, string wrong) => request.Reject(request.Spelling(_templateField!.Name, _templateField.Aliases), wrong);

    /// <summary>Made anew: a copy would remember the template field of this one.</summary>
    public UsageForm With(Template own) =>
        new([.. Fields.Select(field => field is TemplateField one ? one with { Templates = one.Templates.With(own) } : field)], UnitsField);

    /// <summary>Whether a field may be known only when a generation is delivered: it has a limit, and no price depends on it.</summary>
    public bool IsDelivered(string name) => Fields.Any(field => field.Name == name && field is IntegerField { RefusalCode: not null });

    public ImmutableSortedDictionary<string, Scalar> ReadDelivered(ObjectReader request) => Fields
        .Where(field => IsDelivered(field.Name))
        .Select(field => (field.Name, Value: Read(field with { Required = false, Default = null }, request)))
        .Where(field => field.Value is not null)
        .ToImmutableSortedDictionary(field => field.Name, field => field.Value!.Value, StringComparer.Ordinal);

    public Outcome<Usage> Parse(ObjectReader request)
    {
        var values = ImmutableSortedDictionary.CreateBuilder<string, Scalar>(StringComparer.Ordinal);
        foreach (var field in Fields)
        {
            if (Read(field, request) is { } value)
            {
                values[field.Name] = value;
            }
        }

        return request.Refusal() is { } refusal
            ? refusal
            : Raised(new Usage(values.ToImmutable(), UnitsField is { } units ? (long)values[units.Name].Number!.Value : 1));
    }

    /// <summary>The first field that is beyond its limit, as a refusal.</summary>
    public Refusal? CheckLimits(Usage usage) => Fields
        .Where(field => field.RefusalCode is not null && usage.Values.ContainsKey(field.Name))
        .Select(field => field.BeyondLimit(usage.Values[field.Name]) is { } wrong ? new Refusal(field.RefusalCode!, $"{field.Name}: {wrong}") : null)
        .FirstOrDefault(refusal => refusal is not null);

    private static Scalar? Read(Field field, ObjectReader request)
    {
        var name = request.Spelling(field.Name, field.Aliases);
        if (request.Find(name, field.Required) is not { } element)
        {
            return field.Default;
        }

        if (field.Read(element, out var value) is { } wrong)
        {
            request.Reject(name, wrong);
        }

        return value;
    }

    /// <summary>Lifts each choice that is below the template's least to it.</summary>
    private Usage Raised(Usage usage)
    {
        if (_floored.Length == 0 || TemplateOf(usage) is not { } template)
        {
            return usage;
        }

        var values = usage.Values;
        foreach (var field in _floored.Where(field => values.ContainsKey(field.Name)))
        {
            values = values.SetItem(field.Name, Scalar.Of(field.For(values[field.Name].Text, template)));
        }

        return usage with { Values = values };
    }
}
