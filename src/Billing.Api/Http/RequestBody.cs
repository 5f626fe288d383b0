using System.Collections.Immutable;
using System.Text.Json;

namespace Billing.Api.Http;

/// <summary>A JSON object as a request gave it. Every field is asked for once; what nobody asked for is refused, so that a typo never bills wrongly.</summary>
public sealed class RequestBody
{
    private readonly Dictionary<string, JsonElement> _fields;
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, List<string>> _errors = new(StringComparer.Ordinal);

    private RequestBody(Dictionary<string, JsonElement> fields) => _fields = fields;

    /// <summary>What is wrong with it, or null. Ask after all fields were asked for.</summary>
    public Refusal? Mistakes
    {
        get
        {
            foreach (var name in _fields.Keys.Where(name => !_asked.Contains(name)))
            {
                Reject(Shown(name), "unknown field");
            }

            if (_errors.Count == 0)
            {
                return null;
            }

            var errors = _errors.ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value.ToImmutableArray());
            return new Refusal(Refusals.InvalidRequest, string.Join("; ", errors.Take(5).Select(pair => $"{pair.Key}: {pair.Value[0]}"))) { Errors = errors };
        }
    }

    /// <summary>The fields that nobody asked for yet; they count as asked for now.</summary>
    public IReadOnlyDictionary<string, JsonElement> Rest()
    {
        var rest = _fields.Where(pair => !_asked.Contains(pair.Key)).ToDictionary(pair => pair.Key, pair => pair.Value);
        _asked.UnionWith(rest.Keys);
        return rest;
    }

    /// <summary>Reads a JSON object; a refusal for anything else.</summary>
    public static (RequestBody? Body, Refusal? Refusal) Parse(ReadOnlyMemory<byte> json)
    {
        if (json.Span.Trim(" \t\r\n"u8).IsEmpty)
        {
            return (new RequestBody([]), null);
        }

        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 16 });
            return Of(document.RootElement.Clone(), "body");
        }
        catch (JsonException exception)
        {
            var line = (exception.LineNumber ?? 0) + 1;
            return (null, Refusal.Invalid("body", $"is not valid JSON (line {line}, byte {exception.BytePositionInLine ?? 0})"));
        }
    }

    /// <summary>Reads an object within a body.</summary>
    public static (RequestBody? Body, Refusal? Refusal) Of(JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return (null, Refusal.Invalid(name, "must be a JSON object"));
        }

        var fields = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        try
        {
            foreach (var property in element.EnumerateObject())
            {
                if (!fields.TryAdd(property.Name, property.Value))
                {
                    return (null, Refusal.Invalid(Shown(property.Name), "is given twice"));
                }
            }
        }
        catch (InvalidOperationException)
        {
            return (null, Refusal.Invalid(name, "has a field name that is not valid Unicode"));
        }

        return (new RequestBody(fields), null);
    }

    /// <summary>Notes a mistake.</summary>
    public void Reject(string name, string message)
    {
        if (!_errors.TryGetValue(name, out var messages))
        {
            _errors[name] = messages = [];
        }

        messages.Add(message);
    }

    /// <summary>Whether a field is there, be it null.</summary>
    public bool Has(string name) => _fields.ContainsKey(name);

    /// <summary>A field's value; null when it is absent or null.</summary>
    public JsonElement? Find(string name, string? alias = null)
    {
        _asked.Add(name);
        var found = _fields.TryGetValue(name, out var value);
        if (alias is not null)
        {
            _asked.Add(alias);
            if (_fields.TryGetValue(alias, out var other))
            {
                if (found)
                {
                    Reject(alias, $"is given twice, as {name} too");
                }

                (found, value) = (true, other);
            }
        }

        return found && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    /// <summary>A field's name as errors show it.</summary>
    internal static string Shown(string name) => name.Length <= 100 ? name : name[..100] + "…";
}
