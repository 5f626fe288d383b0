using System.Collections.Immutable;

namespace Billing.Catalogs;

/// <summary>One factor of a price. Above zero for every usage; never falls when an integer field rises.</summary>
/// <param name="Name">As in the breakdown.</param>
internal abstract record Factor(string Name)
{
    /// <summary>The request field it reads; null for none.</summary>
    public virtual Field? Field => null;

    /// <summary>The largest value it can have.</summary>
    public abstract decimal Largest { get; }

    public abstract decimal ValueFor(Usage usage, Template? template);

    public abstract FactorView View();
}

/// <summary>The same for every generation.</summary>
internal sealed record ConstantFactor(string Name, decimal Value) : Factor(Name)
{
    public override decimal Largest => Value;

    public override decimal ValueFor(Usage usage, Template? template) => Value;

    public override FactorView View() => new(Name, "constant", null, null, Value, null, null);
}

/// <summary>A value per choice. A field with a floor that was left out has the template's own choice.</summary>
internal sealed record LookupFactor(string Name, ChoiceField Choice, ImmutableSortedDictionary<string, decimal> Values) : Factor(Name)
{
    public override Field Field => Choice;

    public override decimal Largest => Values.Values.Max();

    public override decimal ValueFor(Usage usage, Template? template) =>
        Values[usage.Values.TryGetValue(Choice.Name, out var chosen) ? chosen.Text! : template!.Attributes[Choice.Floor!].Text!];

    public override FactorView View() => new(Name, "lookup", Choice.Name, Values, null, null, null);
}

/// <summary>The integer itself, or with a block size above 1 the number of blocks begun: ⌈value ÷ size⌉. A value beyond its limit counts as the limit: it is refused elsewhere.</summary>
internal sealed record IntegerFactor(string Name, IntegerField Integer, long BlockSize) : Factor(Name)
{
    public override Field Field => Integer;

    public override decimal Largest => Blocks(Integer.Max);

    public override decimal ValueFor(Usage usage, Template? template) =>
        Blocks(Math.Min((long)usage.Values[Integer.Name].Number!.Value, Integer.Max));

    public override FactorView View() => BlockSize == 1
        ? new(Name, "integer", Integer.Name, null, null, null, null)
        : new(Name, "blocks", Integer.Name, null, null, BlockSize, null);

    private long Blocks(long value) => value / BlockSize + (value % BlockSize == 0 ? 0 : 1);
}

/// <summary>A number that each template has.</summary>
internal sealed record TemplateFactor(string Name, string Attribute, decimal Largest) : Factor(Name)
{
    public override decimal Largest { get; } = Largest;

    public override decimal ValueFor(Usage usage, Template? template) => template!.Attributes[Attribute].Number!.Value;

    public override FactorView View() => new(Name, "template", null, null, null, null, Attribute);
}
