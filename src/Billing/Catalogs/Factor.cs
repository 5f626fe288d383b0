using System.Collections.Immutable;
using Billing.Catalogs.Reading;

namespace Billing.Catalogs;

/// <summary>One factor of a price. Above zero for every usage; never falls when an integer field rises.</summary>
internal abstract record Factor(string Name)
{
    /// <summary>Every kind, by its word in catalogs, with what reads it.</summary>
    public static readonly ImmutableArray<(string Kind, Func<FactorReader, Factor?> Read)> Kinds =
    [
        ("constant", ConstantFactor.Read),
        ("lookup", LookupFactor.Read),
        ("integer", reader => IntegerFactor.Read(reader, blockSize: 1)),
        ("blocks", reader => IntegerFactor.Read(reader, reader.Json.Whole("size", 2, 1_000_000_000_000))),
        ("template", TemplateFactor.Read),
    ];

    public abstract decimal Largest { get; }

    /// <summary>False for a usage that was quoted by a former catalog, or names a template that is older than this one, and cannot be priced by it.</summary>
    public abstract bool CanValue(Usage usage, Template? template);

    public abstract decimal ValueFor(Usage usage, Template? template);

    public abstract FactorView View();
}

/// <summary>A factor as customers see it.</summary>
/// <param name="Factor">Its name, as in a price's breakdown.</param>
/// <param name="Kind">One of <see cref="Catalogs.Factor.Kinds"/>.</param>
/// <param name="Field">The request field it reads; null when it reads none.</param>
/// <param name="Values">Of a lookup: choice → value.</param>
/// <param name="BlockSize">Of blocks: how much of the field one block has.</param>
/// <param name="Attribute">Of a template's factor: which attribute.</param>
public sealed record FactorView(
    string Factor,
    string Kind,
    string? Field = null,
    ImmutableSortedDictionary<string, decimal>? Values = null,
    decimal? Value = null,
    long? BlockSize = null,
    string? Attribute = null);

internal sealed record ConstantFactor(string Name, decimal Value) : Factor(Name)
{
    public override decimal Largest => Value;

    public static Factor? Read(FactorReader reader) => FactorReader.Value(reader.Json, "value") is { } value ? new ConstantFactor(reader.Name, value) : null;

    public override bool CanValue(Usage usage, Template? template) => true;

    public override decimal ValueFor(Usage usage, Template? template) => Value;

    public override FactorView View() => new(Name, "constant", Value: Value);
}

/// <summary>A value per choice. A field that was left out may have the template's own choice.</summary>
internal sealed record LookupFactor(string Name, ChoiceField Choice, ImmutableSortedDictionary<string, decimal> Values) : Factor(Name)
{
    public override decimal Largest => Values.Values.Max();

    public static Factor? Read(FactorReader reader)
    {
        if (reader.Field<ChoiceField>("a choice") is not { } field)
        {
            _ = reader.Json.Has("values");
            return null;
        }

        var table = reader.Json.Object("values");
        var values = field.Choices.Select(choice => (Choice: choice, Value: FactorReader.Value(table, choice)))
            .Where(pair => pair.Value is not null)
            .ToImmutableSortedDictionary(pair => pair.Choice, pair => pair.Value!.Value, StringComparer.Ordinal);
        table.RejectUnknown();
        if (field.RefusalCode is not null)
        {
            reader.Json.Reject("field", $"'{field.Name}' has a refusal, so that a request may have a value without a price");
        }

        if (!field.AlwaysThere && field.DefaultFrom is null)
        {
            reader.Json.Reject("field", $"'{field.Name}' must be required or have a default, perhaps from the template: without it there is no price");
        }

        return values.Count == field.Choices.Length ? new LookupFactor(reader.Name, field, values) : null;
    }

    public override bool CanValue(Usage usage, Template? template) =>
        (usage.Values.TryGetValue(Choice.Name, out var chosen) ? chosen.Text : Choice.DefaultFrom is { } from ? template?.Attributes.GetValueOrDefault(from).Text : null) is { } choice
        && Values.ContainsKey(choice);

    public override decimal ValueFor(Usage usage, Template? template) =>
        Values[Choice.For(usage.Values.TryGetValue(Choice.Name, out var chosen) ? chosen.Text : null, template)];

    public override FactorView View() => new(Name, "lookup", Choice.Name, Values);
}

/// <summary>The integer itself, or with a block size above 1 the number of blocks begun: ⌈value ÷ size⌉. A value beyond its limit counts as the limit: it is refused elsewhere.</summary>
internal sealed record IntegerFactor(string Name, IntegerField Integer, long BlockSize) : Factor(Name)
{
    public override decimal Largest => Blocks(Integer.Max);

    public static Factor? Read(FactorReader reader, long? blockSize)
    {
        if (reader.Field<IntegerField>("an integer") is not { } field)
        {
            return null;
        }

        if (!field.AlwaysThere)
        {
            reader.Json.Reject("field", $"'{field.Name}' must be required or have a default: without it there is no price");
        }

        if (field.Min < 1)
        {
            reader.Json.Reject("field", $"'{field.Name}' must have a min of at least 1: a price is above 0");
        }

        return blockSize is { } size ? new IntegerFactor(reader.Name, field, size) : null;
    }

    public override bool CanValue(Usage usage, Template? template) => usage.Values.TryGetValue(Integer.Name, out var value) && value.Number is not null;

    public override decimal ValueFor(Usage usage, Template? template) =>
        Blocks(Math.Min((long)usage.Values[Integer.Name].Number!.Value, Integer.Max));

    public override FactorView View() => BlockSize == 1 ? new(Name, "integer", Integer.Name) : new(Name, "blocks", Integer.Name, BlockSize: BlockSize);

    private long Blocks(long value) => value / BlockSize + (value % BlockSize == 0 ? 0 : 1);
}

internal sealed record TemplateFactor(string Name, string Attribute, decimal Largest) : Factor(Name)
{
    public override decimal Largest { get; } = Largest;

    public static Factor? Read(FactorReader reader) =>
        reader.Json.Id("attribute") is { } attribute && reader.LargestOf(attribute) is { } largest ? new TemplateFactor(reader.Name, attribute, largest) : null;

    public override bool CanValue(Usage usage, Template? template) => template?.Attributes.GetValueOrDefault(Attribute).Number is > 0;

    public override decimal ValueFor(Usage usage, Template? template) => template!.Attributes[Attribute].Number!.Value;

    public override FactorView View() => new(Name, "template", Attribute: Attribute);
}
