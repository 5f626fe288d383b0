using System.Collections.Immutable;
using System.Text.Json;

namespace Billing.Reading;

/// <summary>Reads the members of one JSON object, of a request or a catalog, and notes every mistake with its path. Reading goes on after a mistake, with null for what could not be read.</summary>
public sealed partial class ObjectReader
{
    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);
    private readonly List<string> _asked = [];
    private readonly string _path;
    private readonly bool _isObject;

    private ObjectReader(JsonElement element, string name, string path, Mistakes mistakes)
    {
        (_path, Mistakes, _isObject) = (path, mistakes, element.ValueKind == JsonValueKind.Object);
        if (element.ValueKind == JsonValueKind.Undefined)
        {
            return;
        }

        if (!_isObject)
        {
            mistakes.Add(name, "must be an object");
            return;
        }

        foreach (var member in element.EnumerateObject())
        {
            if (JsonText.NameOf(member) is not { } key)
            {
                mistakes.Add(name, "has a field whose name is not valid Unicode");
            }
            else if (!_members.TryAdd(key, member.Value))
            {
                Reject(key, "is given twice");
            }
        }
    }

    /// <summary>An object that is not there: nothing can be read of it, and nothing is missing in it.</summary>
    public static ObjectReader Nothing => Root(default);

    /// <summary>Of this object and of all that it holds.</summary>
    public Mistakes Mistakes { get; }

    /// <summary>Whether there are fields that nobody asked for yet.</summary>
    public bool HasMore => Unasked.Any();

    /// <summary>Reads the outermost object.</summary>
    /// <param name="name">What mistakes call it; its fields go by their own names.</param>
    public static ObjectReader Root(JsonElement element, string name = "body") => new(element, name, "", new Mistakes());

    public void Reject(string name, string message) => Mistakes.Add(PathOf(name), message);

    /// <summary>Notes every field that nobody asked for.</summary>
    public void RejectUnknown(string message = "unknown field")
    {
        foreach (var name in Unasked.Take(Mistakes.Most))
        {
            var close = DidYouMean.Closest(name, _asked);
            Reject(name, close is null ? message : $"{message}; did you mean '{close}'?");
        }
    }

    /// <summary>Why the request is refused; null when nothing is wrong. To be asked after all fields were read: a typo must not bill wrongly.</summary>
    public Refusal? Refusal()
    {
        RejectUnknown();
        return Mistakes.Refusal();
    }

    /// <summary>A field's text, whatever else is wrong; null when it has none.</summary>
    public string? Read(string name) => _members.TryGetValue(name, out var element) ? JsonText.In(element) : null;

    /// <summary>Whether the field is there, be it null.</summary>
    public bool Contains(string name) => _members.ContainsKey(name);

    /// <summary>Whether the field is there and not null.</summary>
    public bool Has(string name) => Find(name, required: false) is not null;

    /// <summary>The field's value as it is, without having asked for it: whoever reads the field has still to do so.</summary>
    public JsonElement? Peek(string name) => _members.TryGetValue(name, out var element) ? element : null;

    /// <summary>Which of its names a field is given by; its first name when by none.</summary>
    public string Spelling(string name, params ImmutableArray<string> aliases)
    {
        if (aliases.IsEmpty)
        {
            Find(name, required: false);
            return name;
        }

        ImmutableArray<string> given = [.. aliases.Prepend(name).Where(Has)];
        foreach (var one in given.Length > 1 ? given : [])
        {
            Reject(one, $"is given twice, as {string.Join(" and ", given)}");
        }

        return given.FirstOrDefault(name);
    }

    /// <summary>The field's value; null when it is not there or null.</summary>
    public JsonElement? Find(string name, bool required)
    {
        if (!_asked.Contains(name))
        {
            _asked.Add(name);
        }

        if (_members.TryGetValue(name, out var element) && element.ValueKind != JsonValueKind.Null)
        {
            return element;
        }

        if (required && _isObject)
        {
            Reject(name, "is required");
        }

        return null;
    }

    /// <summary>An object within this one; where it is not there, one of which nothing can be read.</summary>
    public ObjectReader Object(string name, bool required = true) =>
        new(Find(name, required) ?? default, PathOf(name), PathOf(name), Mistakes);

    /// <summary>The objects of an array, each with its index in its path.</summary>
    public ImmutableArray<ObjectReader> Objects(string name, int most, bool required = true)
    {
        var path = PathOf(name);
        return [.. Items(name, most, required).Select((item, index) => new ObjectReader(item, $"{path}[{index}]", $"{path}[{index}]", Mistakes))];
    }

    /// <summary>The same, each with mistakes of its own under paths from itself: what is wrong with one is no mistake of the others.</summary>
    public ImmutableArray<ObjectReader> ObjectsApart(string name, string each, int most) => [.. Items(name, most, required: true).Select(item => Root(item, each))];

    private IEnumerable<string> Unasked => _members.Keys.Where(name => !_asked.Contains(name));

    private string PathOf(string name) => _path.Length == 0 ? name : $"{_path}.{name}";

    private ImmutableArray<JsonElement> Items(string name, int most, bool required)
    {
        if (Find(name, required) is not { } element)
        {
            return [];
        }

        if (element.ValueKind != JsonValueKind.Array || element.GetArrayLength() < 1 || element.GetArrayLength() > most)
        {
            Reject(name, $"must be an array of 1 to {most} items");
            return [];
        }

        return [.. element.EnumerateArray()];
    }
}
