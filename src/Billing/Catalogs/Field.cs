using System.Collections.Immutable;
using System.Text.Json;

namespace Billing.Catalogs;

/// <summary>A parameter of a generation request.</summary>
/// <param name="Name">As sent and as stored.</param>
/// <param name="Aliases">Other spellings that are accepted.</param>
/// <param name="Required">Whether a request must have it; such a field has no default.</param>
/// <param name="Default">What a request without it gets; null for nothing.</param>
/// <param name="RefusalCode">The code that refuses a value that is not among the choices or is too large, in place of INVALID_REQUEST.</param>
internal abstract record Field(string Name, ImmutableArray<string> Aliases, bool Required, Scalar? Default, string? RefusalCode)
{
    /// <summary>Whether every parsed usage has a value.</summary>
    public bool AlwaysThere => Required || Default is not null;

    /// <summary>Reads a value; returns what is wrong with it, or null.</summary>
    public abstract string? Read(JsonElement element, out Scalar value);

    /// <summary>What <see cref="RefusalCode"/> says against a value that was read; null for nothing.</summary>
    public virtual string? BeyondLimit(Scalar value) => null;

    public abstract FieldView View();
}

/// <summary>One of several texts. A floor is the template attribute that is the least value and the default; choices are then in ascending order.</summary>
internal sealed record ChoiceField(
    string Name, ImmutableArray<string> Aliases, bool Required, Scalar? Default, string? RefusalCode, ImmutableArray<string> Choices, string? Floor)
    : Field(Name, Aliases, Required, Default, RefusalCode)
{
    private const int LongestRefused = 40;

    public override string? Read(JsonElement element, out Scalar value)
    {
        var text = JsonText.In(element);
        value = Scalar.Of(text ?? "");
        var accepted = text is not null && (Choices.Contains(text) || (RefusalCode is not null && text.Length is > 0 and <= LongestRefused));
        return accepted ? null : MustBe;
    }

    public override string? BeyondLimit(Scalar value) => Choices.Contains(value.Text!) ? null : MustBe;

    /// <summary>The later of two choices.</summary>
    public string Highest(string left, string right) => Choices.IndexOf(left) >= Choices.IndexOf(right) ? left : right;

    public override FieldView View() => new(Name, "choice", Required, Default, Choices, null, null, Floor);

    private string MustBe => $"must be one of {string.Join(", ", Choices)}";
}

/// <summary>A whole number from <paramref name="Min"/> to <paramref name="Max"/>, both included.</summary>
internal sealed record IntegerField(
    string Name, ImmutableArray<string> Aliases, bool Required, Scalar? Default, string? RefusalCode, long Min, long Max)
    : Field(Name, Aliases, Required, Default, RefusalCode)
{
    public override string? Read(JsonElement element, out Scalar value)
    {
        value = default;
        if (element.ValueKind != JsonValueKind.Number || !element.TryGetDecimal(out var number) || decimal.Truncate(number) != number)
        {
            return $"must be a whole number from {Min} to {Max}";
        }

        // The largest long stands for whatever is larger: beyond every limit all the same.
        value = Scalar.Of(decimal.Truncate(decimal.Min(number, long.MaxValue)));
        return number < Min || (number > Max && RefusalCode is null) ? $"must be from {Min} to {Max}" : null;
    }

    public override string? BeyondLimit(Scalar value) => value.Number > Max ? $"must be at most {Max}" : null;

    public override FieldView View() => new(Name, "integer", Required, Default, null, Min, Max, null);
}

/// <summary>Free text, kept with the generation and never priced.</summary>
internal sealed record TextField(string Name, ImmutableArray<string> Aliases, bool Required, Scalar? Default, int MaxLength)
    : Field(Name, Aliases, Required, Default, null)
{
    public override string? Read(JsonElement element, out Scalar value)
    {
        var text = JsonText.In(element) ?? "";
        value = Scalar.Of(text);
        return text.Length is > 0 && text.Length <= MaxLength && !text.Any(char.IsControl)
            ? null
            : $"must be text of 1 to {MaxLength} characters";
    }

    public override FieldView View() => new(Name, "text", Required, Default, null, null, MaxLength, null);
}

/// <summary>The id of a template.</summary>
internal sealed record TemplateField(string Name, ImmutableArray<string> Aliases, bool Required, Scalar? Default, TemplateShelf Templates)
    : Field(Name, Aliases, Required, Default, null)
{
    private const int MaxLength = 100;

    public override string? Read(JsonElement element, out Scalar value)
    {
        var text = JsonText.In(element) ?? "";
        value = Scalar.Of(text);
        return text.Length is 0 or > MaxLength || text.Any(char.IsControl) ? $"must be text of 1 to {MaxLength} characters"
            : Templates.Find(text) is null ? "there is no such template"
            : null;
    }

    public override FieldView View() => new(Name, "template", Required, Default, null, null, null, null);
}
