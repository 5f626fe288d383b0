using System.Collections.Immutable;
using System.Text.Json;

namespace Billing.Catalogs;

/// <summary>A parameter of a generation request.</summary>
/// <param name="Required">Whether a request must have it; such a field has no default.</param>
/// <param name="Default">What a request without it gets; null for nothing.</param>
/// <param name="RefusalCode">The code that refuses a value that is not among the choices or is too large, in place of INVALID_REQUEST.</param>
internal abstract record Field(string Name, ImmutableArray<string> Aliases, bool Required, Scalar? Default, string? RefusalCode)
{
    public bool AlwaysThere => Required || Default is not null;

    /// <summary>Reads a value; returns what is wrong with it, or null.</summary>
    public abstract string? Read(JsonElement element, out Scalar value);

    /// <summary>What <see cref="RefusalCode"/> says against a value that was read; null for nothing.</summary>
    public virtual string? BeyondLimit(Scalar value) => null;

    public abstract FieldView View();
}

/// <summary>One of several texts, read in any case and kept as the catalog spells it; in ascending order where there is a floor.</summary>
/// <param name="Synonyms">Other words for choices, in lower case.</param>
/// <param name="DefaultFrom">The template attribute that is its default; null for none.</param>
/// <param name="Floor">The template attribute that is its least value, where a template has it; null for none.</param>
internal sealed record ChoiceField(
    string Name,
    ImmutableArray<string> Aliases,
    bool Required,
    Scalar? Default,
    string? RefusalCode,
    ImmutableArray<string> Choices,
    ImmutableSortedDictionary<string, string> Synonyms,
    string? DefaultFrom,
    string? Floor)
    : Field(Name, Aliases, Required, Default, RefusalCode)
{
    private const int LongestRefused = 40;

    public override string? Read(JsonElement element, out Scalar value)
    {
        var text = JsonText.In(element) is { } given ? Spelled(given) : null;
        value = Scalar.Of(text ?? "");
        var accepted = text is not null && (Choices.Contains(text) || (RefusalCode is not null && TextRule.MistakeInLine(text, LongestRefused) is null));
        return accepted ? null : MustBe;
    }

    public override string? BeyondLimit(Scalar value) => Choices.Contains(value.Text!) ? null : MustBe;

    /// <summary>The choice for a template: what was asked for, or else the template's own, not below the template's least.</summary>
    public string For(string? asked, Template? template)
    {
        var chosen = asked ?? template!.Attributes[DefaultFrom!].Text!;
        var least = Floor is not null && template is not null && template.Attributes.TryGetValue(Floor, out var floor) ? floor.Text! : chosen;
        return Choices[Math.Max(Choices.IndexOf(chosen), Choices.IndexOf(least))];
    }

    public override FieldView View() => new(Name, "choice", Required, Default, null, null)
    {
        Choices = Choices,
        Synonyms = Synonyms.IsEmpty ? null : Synonyms,
        DefaultFrom = DefaultFrom,
        Floor = Floor,
    };

    private string Spelled(string text) =>
        Choices.FirstOrDefault(choice => string.Equals(choice, text, StringComparison.OrdinalIgnoreCase))
        ?? Synonyms.GetValueOrDefault(text.ToLowerInvariant())
        ?? text;

    private string MustBe => $"must be one of {string.Join(", ", Choices)}";
}

internal sealed record IntegerField(
    string Name, ImmutableArray<string> Aliases, bool Required, Scalar? Default, string? RefusalCode, long Min, long Max)
    : Field(Name, Aliases, Required, Default, RefusalCode)
{
    public override string? Read(JsonElement element, out Scalar value)
    {
        value = default;
        if (JsonText.Number(element) is not { } number || !decimal.IsInteger(number))
        {
            return $"must be a whole number from {Min} to {Max}";
        }

        // The largest long stands for whatever is larger: beyond every limit all the same.
        value = Scalar.Of(decimal.Truncate(decimal.Min(number, long.MaxValue)));
        return number < Min || (number > Max && RefusalCode is null) ? $"must be from {Min} to {Max}" : null;
    }

    public override string? BeyondLimit(Scalar value) => value.Number > Max ? $"must be at most {Max}" : null;

    public override FieldView View() => new(Name, "integer", Required, Default, Min, Max);
}

/// <summary>Free text, kept with the generation and never priced.</summary>
internal sealed record TextField(string Name, ImmutableArray<string> Aliases, bool Required, Scalar? Default, int MaxLength)
    : Field(Name, Aliases, Required, Default, null)
{
    public override string? Read(JsonElement element, out Scalar value)
    {
        var text = JsonText.In(element) ?? "";
        value = Scalar.Of(text);
        return TextRule.MistakeInProse(text, MaxLength);
    }

    public override FieldView View() => new(Name, "text", Required, Default, null, MaxLength);
}

internal sealed record TemplateField(string Name, ImmutableArray<string> Aliases, bool Required, Scalar? Default, TemplateIndex Templates)
    : Field(Name, Aliases, Required, Default, null)
{
    private const int MaxLength = 100;

    public override string? Read(JsonElement element, out Scalar value)
    {
        var text = JsonText.In(element) ?? "";
        value = Scalar.Of(text);
        return TextRule.MistakeInLine(text, MaxLength) ?? (Templates.Find(text) is null ? "there is no such template" : null);
    }

    public override FieldView View() => new(Name, "template", Required, Default, null, null);
}
