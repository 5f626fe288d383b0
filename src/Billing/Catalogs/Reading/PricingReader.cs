using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Billing.Reading;

namespace Billing.Catalogs.Reading;

/// <summary>Reads fields, factors and templates, and makes sure that every request that passes the fields has a price.</summary>
internal sealed class PricingReader
{
    private readonly ObjectReader _root;
    private readonly ObjectReader _pricing;
    private readonly TemplateReader _templates;
    private readonly ImmutableArray<(ObjectReader Reader, Field? Field)> _fields;
    private readonly ImmutableArray<(ObjectReader Reader, Factor? Factor)> _factors;

    private PricingReader(ObjectReader root, ObjectReader pricing)
    {
        _root = root;
        _pricing = pricing;
        _templates = new TemplateReader(root);
        _fields = [.. pricing.Objects("fields", most: 30, required: false).Select(reader => (reader, FieldReader.Read(reader, _templates.Index)))];
        ImmutableArray<(string? Name, Field? Field)> fields = [.. _fields.Select(field => (field.Reader.Id("name"), field.Field))];
        _factors = [.. pricing.Objects("factors", most: 16).Select(reader => (reader, FactorReader.Read(reader, fields, _templates)))];
    }

    /// <summary>The pricing; null when it has mistakes that leave none.</summary>
    public static Pricing? Read(ObjectReader root)
    {
        if (root.Find("pricing", required: true) is null)
        {
            _ = root.Has("templates");
            return null;
        }

        return new PricingReader(root, root.Object("pricing")).Read();
    }

    private Pricing? Read()
    {
        CheckNames();
        CheckTemplates();
        var (units, quantity) = (CountField("units"), CountField("quantity"));
        if (units?.RefusalCode is not null)
        {
            _pricing.Reject("units", $"'{units.Name}' has a refusal, so that a request may have any number of units");
        }

        _pricing.RejectUnknown();
        if (_factors.IsEmpty || _factors.Any(factor => factor.Factor is null) || _fields.Any(field => field.Field is null))
        {
            return null;
        }

        ImmutableArray<Factor> factors = [.. _factors.Select(factor => factor.Factor!)];
        if (!Pricing.IsWithinLimit(factors.Select(factor => factor.Largest)))
        {
            _pricing.Reject("factors", $"at its dearest a generation would cost more than {Credits.Limit} credits");
        }

        // What has mistakes may hold what is no text.
        var version = _root.Mistakes.Any ? "" : PriceVersions.Of(WithoutDescriptions(_root.Peek("pricing")!.Value), _root.Peek("templates"));
        return new Pricing(new UsageForm([.. _fields.Select(field => field.Field!)], units), factors, quantity, version);
    }

    // What is said of a field has no price.
    private static JsonElement WithoutDescriptions(JsonElement pricing)
    {
        var node = JsonObject.Create(pricing)!;
        foreach (var field in node["fields"]?.AsArray() ?? [])
        {
            field!.AsObject().Remove("description");
        }

        return JsonSerializer.SerializeToElement(node);
    }

    private void CheckNames()
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (reader, field) in _fields)
        {
            foreach (var name in field?.Aliases.Add(field.Name) ?? [])
            {
                if (name.Length > 0 && !taken.Add(name))
                {
                    reader.Reject("name", $"'{name}' is a name or alias of a field already");
                }
            }
        }

        taken.Clear();
        foreach (var (reader, factor) in _factors)
        {
            if (factor is { Name.Length: > 0 } && !taken.Add(factor.Name))
            {
                reader.Reject("name", $"'{factor.Name}' is another factor's name, too");
            }
        }
    }

    /// <summary>Templates and a field that asks for them need each other; prices that read a template need one in every request.</summary>
    private void CheckTemplates()
    {
        var asking = _fields.Where(field => field.Field is TemplateField).ToList();
        foreach (var (reader, _) in asking.Skip(1))
        {
            reader.Reject("type", "another field is the template already");
        }

        if (asking.Count > 0 && _templates.Index.All.IsEmpty)
        {
            asking[0].Reader.Reject("type", "there are no templates");
        }

        if (asking.Count == 0 && !_templates.Index.All.IsEmpty)
        {
            _pricing.Reject("fields", "no field is of the type 'template', so that no request can name one");
        }

        var reading = _fields.Where(field => field.Field is ChoiceField { DefaultFrom: not null } or ChoiceField { Floor: not null }).ToList();
        foreach (var (reader, field) in reading)
        {
            CheckAttributes(reader, (ChoiceField)field!);
        }

        var readsTemplates = reading.Count > 0 || _factors.Any(factor => factor.Factor is TemplateFactor);
        if (readsTemplates && asking.Count > 0 && !asking[0].Field!.AlwaysThere)
        {
            asking[0].Reader.Reject("required", "must be true, or a default be given: prices read the template");
        }

        if (_fields.All(field => field.Field is not null) && _factors.All(factor => factor.Factor is not null))
        {
            _templates.RefuseUnread();
        }
    }

    /// <summary>What a choice reads of a template must be one of its choices; a floor need not be there, but never above the template's own.</summary>
    private void CheckAttributes(ObjectReader reader, ChoiceField choice)
    {
        if (_templates.Index.All.IsEmpty)
        {
            reader.Reject(choice.DefaultFrom is null ? "floor" : "default_from", "there are no templates");
        }

        if (choice.DefaultFrom is { } from)
        {
            _templates.ReadChoice(from, choice.Choices, required: true);
        }

        if (choice.Floor is { } floor)
        {
            _templates.ReadChoice(floor, choice.Choices, required: floor == choice.DefaultFrom);
        }
    }

    /// <summary>A field that counts something: one that a factor multiplies by.</summary>
    private IntegerField? CountField(string member)
    {
        if (_pricing.Id(member, required: false) is not { } name)
        {
            return null;
        }

        var field = _factors.Select(factor => factor.Factor).OfType<IntegerFactor>().FirstOrDefault(factor => factor.Integer.Name == name)?.Integer;
        if (field is null && _factors.All(factor => factor.Factor is not null))
        {
            _pricing.Reject(member, $"no factor of kind integer or blocks reads a field '{name}'");
        }

        return field;
    }
}
