using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Billing.Catalogs.Reading;

/// <summary>Reads the members of one JSON object and notes every mistake with its path. Reading goes on after a mistake, with null for what could not be read.</summary>
internal sealed class ObjectReader
{
    private const long MaxAmountMinor = 1_000_000_000_000;
    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly string _path;
    private readonly ICollection<string> _errors;
    private readonly bool _isObject;

    public ObjectReader(JsonElement element, string path, ICollection<string> errors)
    {
        (_path, _errors, _isObject) = (path, errors, element.ValueKind == JsonValueKind.Object);
        if (!_isObject)
        {
            errors.Add($"{(path.Length == 0 ? "catalog" : path)}: must be an object");
            return;
        }

        foreach (var member in element.EnumerateObject())
        {
            if (!_members.TryAdd(member.Name, member.Value))
            {
                Error(member.Name, "is given twice");
            }
        }
    }

    /// <summary>Notes a mistake in a member.</summary>
    public void Error(string name, string message) => _errors.Add($"{PathOf(name)}: {message}");

    /// <summary>Whether the member is there and not null.</summary>
    public bool Has(string name) => Find(name) is not null;

    /// <summary>Notes every member that nobody asked for. To be called last.</summary>
    public void RefuseUnknown()
    {
        foreach (var name in _members.Keys.Where(name => !_asked.Contains(name)))
        {
            var close = Spelling.Closest(name, _asked);
            Error(name, close is null ? "unknown member" : $"unknown member; did you mean '{close}'?");
        }
    }

    public string? Text(string name, int maxLength, bool required = true)
    {
        if (Find(name, required) is not { } element)
        {
            return null;
        }

        var text = JsonText.In(element) ?? "";
        return Checked(name, text, text.Length is > 0 && text.Length <= maxLength && !text.Any(char.IsControl), $"must be text of 1 to {maxLength} characters");
    }

    /// <summary>A name that appears in requests, paths and answers.</summary>
    public string? Id(string name, bool required = true)
    {
        var id = Text(name, 60, required);
        return id is null ? null : Checked(name, id, IsId(id), "must be made of letters, digits, '_' and '-'");
    }

    public string? OneOf(string name, bool required, params ReadOnlySpan<string> words)
    {
        if (Find(name, required) is not { } element)
        {
            return null;
        }

        var word = JsonText.In(element) ?? "";
        return Checked(name, word, words.Contains(word), $"must be one of {string.Join(", ", words!)}");
    }

    public bool Flag(string name)
    {
        var element = Find(name);
        if (element is { ValueKind: not (JsonValueKind.True or JsonValueKind.False) })
        {
            Error(name, "must be true or false");
        }

        return element is { ValueKind: JsonValueKind.True };
    }

    public long? Integer(string name, long min, long max, bool required = true)
    {
        if (Find(name, required) is not { } element)
        {
            return null;
        }

        var number = 0L;
        var isInteger = element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out number);
        return isInteger && number >= min && number <= max ? number : Wrong<long>(name, $"must be a whole number from {min} to {max}");
    }

    /// <summary>Credits above zero.</summary>
    public Credits? Credits(string name, bool required = true)
    {
        if (Find(name, required) is not { } element)
        {
            return null;
        }

        var number = 0m;
        var isNumber = element.ValueKind == JsonValueKind.Number && element.TryGetDecimal(out number);
        return isNumber && Billing.Credits.TryFrom(number, out var credits) && credits > Billing.Credits.Zero
            ? credits
            : Wrong<Credits>(name, $"must be credits: a number above 0, at most {Billing.Credits.Limit}, with at most three decimal places");
    }

    /// <summary>A factor of a price: above 0, with few enough places to be exact.</summary>
    public decimal? Factor(string name) => Find(name, required: true) is not { } element ? null
        : IsFactor(element, out var factor) ? factor
        : Wrong<decimal>(name, FactorRule);

    /// <summary>An amount of money of at least <paramref name="min"/> minor units.</summary>
    public Money? Money(string name, long min)
    {
        if (Object(name, required: false) is not { } reader)
        {
            return null;
        }

        var amount = reader.Integer("amount_minor", min, MaxAmountMinor);
        var currency = reader.Text("currency", 3);
        if (currency is not null && (currency.Length != 3 || !currency.All(char.IsAsciiLetterUpper)))
        {
            reader.Error("currency", "must be the three capital letters of an ISO 4217 code");
        }

        reader.RefuseUnknown();
        return amount is null || currency is null ? null : new Money(amount.Value, currency);
    }

    /// <summary>A member's text without a check of any kind, whether or not what it belongs to could be read.</summary>
    public string? Peek(string name) =>
        _members.TryGetValue(name, out var element) ? JsonText.In(element) : null;

    /// <summary>The member as it is; null when it is not there or null.</summary>
    public JsonElement? Element(string name) => Find(name);

    public ObjectReader? Object(string name, bool required = true) =>
        Find(name, required) is { } element ? new ObjectReader(element, PathOf(name), _errors) : null;

    /// <summary>The objects of an array, each with its index in its path.</summary>
    public ImmutableArray<ObjectReader> Objects(string name, int max, bool required = true) =>
        [.. Items(name, max, required).Select((item, index) => new ObjectReader(item, $"{PathOf(name)}[{index}]", _errors))];

    /// <summary>The texts of an array, each of 1 to 40 characters, without repetition.</summary>
    public ImmutableArray<string> Words(string name, int max, bool required = true)
    {
        var words = ImmutableArray.CreateBuilder<string>();
        foreach (var (item, index) in Items(name, max, required).Select((item, index) => (item, index)))
        {
            var word = JsonText.In(item) ?? "";
            if (word.Length is 0 or > 40 || word.Any(char.IsControl))
            {
                Error($"{name}[{index}]", "must be text of 1 to 40 characters");
            }
            else if (words.Contains(word))
            {
                Error($"{name}[{index}]", $"'{word}' is there already");
            }
            else
            {
                words.Add(word);
            }
        }

        return words.ToImmutable();
    }

    /// <summary>An object of texts, numbers and flags.</summary>
    public ImmutableSortedDictionary<string, Scalar> Scalars(string name, bool required)
    {
        var found = ImmutableSortedDictionary.CreateBuilder<string, Scalar>(StringComparer.Ordinal);
        var reader = Object(name, required);
        foreach (var (key, element) in reader?._members ?? [])
        {
            if (Scalar.TryFrom(element, out var scalar))
            {
                found[key] = scalar;
            }
            else
            {
                reader!.Error(key, "must be a string, a number or a boolean");
            }
        }

        return found.ToImmutable();
    }

    /// <summary>An object with a factor for each of <paramref name="keys"/> and nothing else.</summary>
    public ImmutableSortedDictionary<string, decimal> Factors(string name, ImmutableArray<string> keys)
    {
        var reader = Object(name);
        var found = keys.Select(key => (Key: key, Value: reader?.Factor(key))).Where(pair => pair.Value is not null)
            .ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value!.Value, StringComparer.Ordinal);
        reader?.RefuseUnknown();
        return found;
    }

    private static string FactorRule => $"must be a number above 0, at most 1000000, with at most {Pricing.FactorPlaces} decimal places";

    /// <summary>Whether a template attribute can be a factor; notes it when not.</summary>
    public static string? WrongAsFactor(Scalar scalar) => scalar.Number is { } number && IsFactor(number) ? null : FactorRule;

    private static bool IsFactor(JsonElement element, out decimal factor)
    {
        factor = 0;
        return element.ValueKind == JsonValueKind.Number && element.TryGetDecimal(out factor) && IsFactor(factor);
    }

    private static bool IsFactor(decimal factor) =>
        factor is > 0 and <= 1_000_000 && decimal.Round(factor, Pricing.FactorPlaces) == factor;

    private static bool IsId(string word) => word.Length is > 0 and <= 60 && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    private ImmutableArray<JsonElement> Items(string name, int max, bool required)
    {
        if (Find(name, required) is not { } element)
        {
            return [];
        }

        if (element.ValueKind != JsonValueKind.Array || element.GetArrayLength() < 1 || element.GetArrayLength() > max)
        {
            Error(name, string.Create(CultureInfo.InvariantCulture, $"must be an array of 1 to {max} items"));
            return [];
        }

        return [.. element.EnumerateArray()];
    }

    private JsonElement? Find(string name, bool required = false)
    {
        _asked.Add(name);
        if (_members.TryGetValue(name, out var element) && element.ValueKind != JsonValueKind.Null)
        {
            return element;
        }

        if (required && _isObject)
        {
            Error(name, "is required");
        }

        return null;
    }

    private string? Checked(string name, string value, bool isGood, string message)
    {
        if (isGood)
        {
            return value;
        }

        Error(name, message);
        return null;
    }

    private T? Wrong<T>(string name, string message)
        where T : struct
    {
        Error(name, message);
        return null;
    }

    private string PathOf(string name) => _path.Length == 0 ? name : $"{_path}.{name}";
}
