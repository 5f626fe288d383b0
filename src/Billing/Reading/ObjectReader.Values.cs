using System.Collections.Immutable;
using System.Text.Json;

namespace Billing.Reading;

/// <content>Typed fields: each reads one and notes what is wrong with it.</content>
public sealed partial class ObjectReader
{
    private const long MaxAmountMinor = 1_000_000_000_000;
    private const int MostTexts = 20;
    private const int LongestWord = 40;

    /// <summary>A name or another single line.</summary>
    public string? Text(string name, int longest, bool required = true) =>
        Checked(name, required, text => TextRule.MistakeInLine(text, longest));

    /// <summary>What a person wrote, perhaps in several lines.</summary>
    public string? Prose(string name, int longest, bool required = true) =>
        Checked(name, required, text => TextRule.MistakeInProse(text, longest));

    public string? Id(string name, bool required = true) => Checked(name, required, TextRule.MistakeInId);

    public string? OneOf(string name, IReadOnlyCollection<string> words, bool required = true) =>
        Checked(name, required, text => words.Contains(text) ? null : $"must be one of {string.Join(", ", words)}");

    public DateTimeOffset? Instant(string name, bool required = true)
    {
        DateTimeOffset at = default;
        return Checked(name, required, text => Instants.TryParse(text, out at) ? null : Instants.MustBe) is null ? null : at;
    }

    public bool Flag(string name)
    {
        var element = Find(name, required: false);
        if (element is { ValueKind: not (JsonValueKind.True or JsonValueKind.False) })
        {
            Reject(name, "must be true or false");
        }

        return element is { ValueKind: JsonValueKind.True };
    }

    /// <summary>A whole number within bounds; <c>3.0</c> is one.</summary>
    public long? Whole(string name, long min, long max, bool required = true) => (long?)Checked(
        name, required, number => number >= min && number <= max && decimal.IsInteger(number), $"must be a whole number from {min} to {max}");

    /// <summary>A number above 0 that has few enough places to be kept as it is.</summary>
    public decimal? Number(string name, decimal max, int places, bool required = true) => Checked(
        name, required, number => number > 0 && number <= max && decimal.Round(number, places) == number, $"must be a number above 0, at most {max}, with at most {places} decimal places");

    public Credits? Credits(string name, bool required = true) =>
        Number(name, Billing.Credits.Limit.ToDecimal(), places: 3, required) is { } number && Billing.Credits.TryFrom(number, out var credits) ? credits : null;

    /// <summary>Credits above or below 0.</summary>
    public Credits? SignedCredits(string name) => Checked(
        name,
        required: true,
        number => number != 0 && Math.Abs(number) <= Billing.Credits.Limit.ToDecimal() && decimal.Round(number, 3) == number,
        $"must be a number other than 0, from -{Billing.Credits.Limit} to {Billing.Credits.Limit}, with at most 3 decimal places") is { } number
        && Billing.Credits.TryFrom(Math.Abs(number), out var credits) ? (number < 0 ? -credits : credits) : null;

    /// <summary>An amount of money of at least <paramref name="min"/> minor units.</summary>
    public Money? Money(string name, long min)
    {
        var reader = Object(name, required: false);
        var amount = reader.Whole("amount_minor", min, MaxAmountMinor);
        var currency = reader.Checked("currency", required: true, text =>
            text.Length == 3 && text.All(char.IsAsciiLetterUpper) ? null : "must be the three capital letters of an ISO 4217 code");
        reader.RejectUnknown();
        return amount is null || currency is null ? null : new Money(amount.Value, currency);
    }

    /// <summary>The words of an array, without repetition.</summary>
    public ImmutableArray<string> Words(string name, int most, bool required = true)
    {
        var words = ImmutableArray.CreateBuilder<string>();
        foreach (var (index, item) in Items(name, most, required).Index())
        {
            var word = JsonText.In(item) ?? "";
            if ((TextRule.MistakeInLine(word, LongestWord) ?? (words.Contains(word) ? $"'{word}' is there already" : null)) is { } wrong)
            {
                Reject($"{name}[{index}]", wrong);
            }
            else
            {
                words.Add(word);
            }
        }

        return words.ToImmutable();
    }

    /// <summary>An array of some of a few words; one that is there twice counts once.</summary>
    public ImmutableArray<string> SomeOf(string name, IReadOnlyCollection<string> words)
    {
        ImmutableArray<string> found = [.. Items(name, words.Count, required: true).Select(item => JsonText.In(item) ?? "").Distinct()];
        if (!found.All(words.Contains))
        {
            Reject(name, $"must hold only {string.Join(", ", words)}");
        }

        return found;
    }

    /// <summary>A small object of what people wrote; null when it is left out.</summary>
    public ImmutableSortedDictionary<string, string>? Texts(string name, int longestName, int longest)
    {
        var reader = Object(name, required: false);
        if (reader._members.Count > MostTexts)
        {
            Reject(name, $"must be an object of at most {MostTexts} texts");
            return null;
        }

        var found = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (key, element) in reader._members)
        {
            var text = JsonText.In(element);
            var wrong = TextRule.MistakeInLine(key, longestName) is { } badName ? $"its name {badName}"
                : text is null ? "must be text"
                : TextRule.MistakeInProse(text, longest, shortest: 0);
            if (wrong is not null)
            {
                reader.Reject(key, wrong);
            }

            found[key] = text ?? "";
        }

        return Has(name) ? found.ToImmutable() : null;
    }

    /// <summary>An object of texts, numbers and flags; empty when it is left out.</summary>
    public ImmutableSortedDictionary<string, Scalar> Scalars(string name, bool required = true)
    {
        var found = ImmutableSortedDictionary.CreateBuilder<string, Scalar>(StringComparer.Ordinal);
        var reader = Object(name, required);
        foreach (var (key, element) in reader._members)
        {
            if (!Scalar.TryFrom(element, out var scalar))
            {
                reader.Reject(key, "must be a string, a number or a boolean");
            }

            found[key] = scalar;
        }

        return found.ToImmutable();
    }

    private string? Checked(string name, bool required, Func<string, string?> mistakeIn)
    {
        if (Find(name, required) is not { } element)
        {
            return null;
        }

        var text = JsonText.In(element) ?? "";
        if (mistakeIn(text) is not { } wrong)
        {
            return text;
        }

        Reject(name, wrong);
        return null;
    }

    private decimal? Checked(string name, bool required, Func<decimal, bool> isGood, string message)
    {
        if (Find(name, required) is not { } element)
        {
            return null;
        }

        if (JsonText.Number(element) is { } number && isGood(number))
        {
            return number;
        }

        Reject(name, message);
        return null;
    }
}
