using System.Collections.Immutable;

namespace Billing.Catalogs;

/// <summary>One factor of a price. Above zero for every usage; never falls when an integer field rises.</summary>
internal abstract record Factor(string Name)
{
    /// <summary>The request field it reads; null for none.</summary>
    public virtual Field? Field => null;

    public abstract decimal Largest { get; }

    /// <summary>False for a usage that was quoted by a former catalog and cannot be priced by this one.</summary>
    public abstract bool CanValue(Usage usage, Template? template);

    public abstract decimal ValueFor(Usage usage, Template? template);

    public abstract FactorView View();
}

internal sealed record ConstantFactor(string Name, decimal Value) : Factor(Name)
{
    public override decimal Largest => Value;

    public override bool CanValue(Usage usage, Template? template) => true;

    public override decimal ValueFor(Usage usage, Template? template) => Value;

    public override FactorView View() => new(Name, "constant", null, null, Value, null, null);
}

/// <summary>A value per choice. A field that was left out may have the template's own choice.</summary>
internal sealed record LookupFactor(string Name, ChoiceField Choice, ImmutableSortedDictionary<string, decimal> Values) : Factor(Name)
{
    public override Field Field => Choice;

    public override decimal Largest => Values.Values.Max();

    public override bool CanValue(Usage usage, Template? template) =>
        usage.Values.TryGetValue(Choice.Name, out var chosen) ? Values.ContainsKey(chosen.Text ?? "") : Choice.DefaultFrom is not null && template is not null;

    public override decimal ValueFor(Usage usage, Template? template) =>
        Values[Choice.For(usage.Values.TryGetValue(Choice.Name, out var chosen) ? chosen.Text : null, template)];

    public override FactorView View() => new(Name, "lookup", Choice.Name, Values, null, null, null);
}

/// <summary>The integer itself, or with a block size above 1 the number of blocks begun: ⌈value ÷ size⌉. A value beyond its limit counts as the limit: it is refused elsewhere.</summary>
internal sealed record IntegerFactor(string Name, IntegerField Integer, long BlockSize) : Factor(Name)
{
    public override Field Field => Integer;

    public override decimal Largest => Blocks(Integer.Max);

    public override bool CanValue(Usage usage, Template? template) => usage.Values.TryGetValue(Integer.Name, out var value) && value.Number is not null;

    public override decimal ValueFor(Usage usage, Template? template) =>
        Blocks(Math.Min((long)usage.Values[Integer.Name].Number!.Value, Integer.Max));

    public override FactorView View() => BlockSize == 1
        ? new(Name, "integer", Integer.Name, null, null, null, null)
        : new(Name, "blocks", Integer.Name, null, null, BlockSize, null);

    private long Blocks(long value) => value / BlockSize + (value % BlockSize == 0 ? 0 : 1);
}

internal sealed record TemplateFactor(string Name, string Attribute, decimal Largest) : Factor(Name)
{
    public override decimal Largest { get; } = Largest;

    public override bool CanValue(Usage usage, Template? template) => template?.Attributes.ContainsKey(Attribute) == true;

    public override decimal ValueFor(Usage usage, Template? template) => template!.Attributes[Attribute].Number!.Value;

    public override FactorView View() => new(Name, "template", null, null, null, null, Attribute);
}
