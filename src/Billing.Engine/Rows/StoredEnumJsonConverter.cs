using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Billing.Engine.Rows;

/// <summary>An enumeration by the names that its values have in rows; as a value and as a key.</summary>
internal sealed class StoredEnumJsonConverter<T>(params (T Value, string Name)[] names) : JsonConverter<T>
    where T : struct, Enum
{
    private readonly ImmutableDictionary<string, T> _values = names.ToImmutableDictionary(one => one.Name, one => one.Value, StringComparer.Ordinal);
    private readonly ImmutableDictionary<T, string> _names = names.ToImmutableDictionary(one => one.Value, one => one.Name);

    public T ValueOf(string name) => _values.TryGetValue(name, out var value) ? value : throw new JsonException($"This is not a {typeof(T).Name}.");

    public string NameOf(T value) => _names[value];

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => ValueOf(reader.GetString() ?? "");

    public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader, typeToConvert, options);

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(_names[value]);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WritePropertyName(_names[value]);
}
