using System.Collections.Immutable;

namespace Billing.Catalogs.Reading;

/// <summary>Reads fields, factors and templates, and makes sure that every request that passes the fields has a price.</summary>
internal sealed class PricingReader
{
    private readonly ObjectReader _pricing;
    private readonly TemplateReader _templates;
    private readonly ImmutableArray<(ObjectReader Reader, Field? Field)> _fields;
    private readonly ImmutableArray<(ObjectReader Reader, Factor? Factor)> _factors;

    private PricingReader(ObjectReader root, ObjectReader pricing)
    {
        _pricing = pricing;
        _templates = new TemplateReader(root);
        _fields = [.. pricing.Objects("fields", max: 30, required: false).Select(reader => (reader, FieldReader.Read(reader, _templates.Shelf)))];
        var factorReader = new FactorReader([.. _fields.Select(field => (field.Reader.Peek("name"), field.Field))], _templates);
        _factors = [.. pricing.Objects("factors", max: 16).Select(reader => (reader, factorReader.Read(reader)))];
    }

    /// <summary>The pricing; null when it has mistakes that leave none.</summary>
    public static Pricing? Read(ObjectReader root)
    {
        if (root.Object("pricing") is not { } pricing)
        {
            _ = root.Has("templates");
            return null;
        }

        return new PricingReader(root, pricing).Read(PriceVersions.Of(root.Element("pricing"), root.Element("templates")));
    }

    private Pricing? Read(string version)
    {
        CheckNames();
        CheckTemplates();
        var (units, quantity) = (CountField("units"), CountField("quantity"));
        if (units?.RefusalCode is not null)
        {
            _pricing.Error("units", $"'{units.Name}' has a refusal, so that a request may have any number of units");
        }

        _pricing.RefuseUnknown();
        if (_factors.IsEmpty || _factors.Any(factor => factor.Factor is null) || _fields.Any(field => field.Field is null))
        {
            return null;
        }

        ImmutableArray<Factor> factors = [.. _factors.Select(factor => factor.Factor!)];
        if (!Pricing.IsWithinLimit(factors.Select(factor => factor.Largest)))
        {
            _pricing.Error("factors", $"at its dearest a generation would cost more than {Credits.Limit} credits");
        }

        return new Pricing(new UsageForm([.. _fields.Select(field => field.Field!)], units), factors, quantity, version);
    }

    private void CheckNames()
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (reader, field) in _fields)
        {
            foreach (var name in field?.Aliases.Prepend(field.Name) ?? [])
            {
                if (name.Length > 0 && !taken.Add(name))
                {
                    reader.Error("name", $"'{name}' is a name or alias of a field already");
                }
            }
        }

        taken.Clear();
        foreach (var (reader, factor) in _factors)
        {
            if (factor is { Name.Length: > 0 } && !taken.Add(factor.Name))
            {
                reader.Error("name", $"'{factor.Name}' is another factor's name, too");
            }
        }
    }

    /// <summary>Templates and a field that asks for them need each other; prices that read a template need one in every request.</summary>
    private void CheckTemplates()
    {
        var asking = _fields.Where(field => field.Field is TemplateField).ToList();
        foreach (var (reader, _) in asking.Skip(1))
        {
            reader.Error("type", "another field is the template already");
        }

        if (asking.Count > 0 && _templates.Shelf.All.IsEmpty)
        {
            asking[0].Reader.Error("type", "there are no templates");
        }

        if (asking.Count == 0 && !_templates.Shelf.All.IsEmpty)
        {
            _pricing.Error("fields", "no field is of the type 'template', so that no request can name one");
        }

        var floors = _fields.Where(field => field.Field is ChoiceField { Floor: not null }).ToList();
        foreach (var (reader, field) in floors)
        {
            var choice = (ChoiceField)field!;
            _templates.RequireChoice(choice.Floor!, choice.Choices);
            if (_templates.Shelf.All.IsEmpty)
            {
                reader.Error("floor", "there are no templates");
            }
        }

        var read = _factors.Select(factor => factor.Reader.Peek("attribute"))
            .Concat(floors.Select(floor => ((ChoiceField)floor.Field!).Floor))
            .OfType<string>()
            .ToHashSet();
        if (read.Count > 0 && asking.Count > 0 && !asking[0].Field!.AlwaysThere)
        {
            asking[0].Reader.Error("required", "must be true, or a default be given: prices read the template");
        }

        if (_fields.All(field => field.Field is not null))
        {
            _templates.RefuseUnread(read);
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
            _pricing.Error(member, $"no factor of kind integer or blocks reads a field '{name}'");
        }

        return field;
    }
}
