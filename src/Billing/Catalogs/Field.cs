using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Billing.Catalogs;

/// <summary>A parameter of a generation request.</summary>
/// <param name="Required">Whether a request must have it; such a field has no default.</param>
/// <param name="Default">What a request without it gets; null for nothing.</param>
/// <param name="RefusalCode">The code that refuses a value that is not among the choices or is too large, in place of INVALID_REQUEST.</param>
internal abstract record Field(string Name, ImmutableArray<string> Aliases, bool Required, Scalar? Default, string? RefusalCode)
{
    /// <summary>What the catalog says of it; null for nothing.</summary>
    public string? Description { get; init; }

    public bool AlwaysThere => Required || Default is not null;

    /// <summary>Reads a value; returns what is wrong with it, or null.</summary>
    public abstract string? Read(JsonElement element, out Scalar value);

    /// <summary>What <see cref="RefusalCode"/> says against a value that was read; null for nothing.</summary>
    public virtual string? BeyondLimit(Scalar value) => null;

    public abstract FieldView View();

    /// <summary>What values are accepted, as JSON Schema. What is refused with a code of its own is accepted: it has to be sent to be refused so.</summary>
    public abstract JsonObject Schema();

    /// <summary>What a schema has no keyword for, in sentences; empty for nothing.</summary>
    public virtual string Remarks => "";

    /// <summary>A value that is accepted.</summary>
    public virtual Scalar Example => Default ?? Sample;

    protected abstract Scalar Sample { get; }
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

    public override JsonObject Schema() => RefusalCode is null
        ? new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. Choices.Select(choice => JsonValue.Create(choice))]) }
        : new JsonObject { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = LongestRefused };

    public override string Remarks => string.Join(' ', new[]
    {
        RefusalCode is null ? "" : $"{string.Join(", ", Choices.Select(choice => $"`{choice}`"))}; another one is refused with `{RefusalCode}`.",
        Synonyms.IsEmpty ? "" : $"{string.Join(", ", Synonyms.Select(pair => $"`{pair.Key}` is read as `{pair.Value}`"))}.",
        DefaultFrom is null ? "" : "The template's own when it is left out.",
        Floor is null ? "" : "Never below the template's least.",
    }.Where(remark => remark.Length > 0));

    protected override Scalar Sample => Scalar.Of(Choices[0]);

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

    public override JsonObject Schema()
    {
        var schema = new JsonObject { ["type"] = "integer", ["format"] = "int64", ["minimum"] = Min };
        if (RefusalCode is null)
        {
            schema["maximum"] = Max;
        }

        return schema;
    }

    public override string Remarks => RefusalCode is null ? "" : string.Create(CultureInfo.InvariantCulture, $"Above {Max:N0} it is refused with `{RefusalCode}`.");

    protected override Scalar Sample => Scalar.Of((decimal)Math.Min(Max, Math.Max(Min, 1)));
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

    public override JsonObject Schema() => new() { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = MaxLength };

    protected override Scalar Sample => Scalar.Of(Name[..Math.Min(Name.Length, MaxLength)]);
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

    public override JsonObject Schema() => new() { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = MaxLength };

    // What stands for many is shown by one of them.
    protected override Scalar Sample => Scalar.Of(Templates.All.IsEmpty ? "template" : Templates.All[0].Id.Replace("*", "1", StringComparison.Ordinal));
}
