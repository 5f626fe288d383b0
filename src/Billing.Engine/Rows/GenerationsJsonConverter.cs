using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Billing.Generations;

namespace Billing.Engine.Rows;

/// <summary>
/// The generations of a row: the first as it is, each other as what differs from the one before it, where null says that it has not what that one has. Of a
/// batch most is alike, and the id is the one before it with the next number.
/// </summary>
internal sealed class GenerationsJsonConverter : JsonConverter<ImmutableArray<Generation>>
{
    private const string Id = "id";
    private static readonly JsonEncodedText IdName = JsonEncodedText.Encode(Id);

    public override ImmutableArray<Generation> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var generations = ImmutableArray.CreateBuilder<Generation>(1);
        reader.Read();
        var start = reader;
        generations.Add(JsonSerializer.Deserialize<Generation>(ref reader, options)!);
        reader.Read();
        if (reader.TokenType == JsonTokenType.EndArray)
        {
            return generations.MoveToImmutable();
        }

        var members = new Members(JsonElement.ParseValue(ref start));
        for (; reader.TokenType != JsonTokenType.EndArray; reader.Read())
        {
            members = members.ChangedBy(JsonElement.ParseValue(ref reader), NextIdAfter(generations[^1].Id));
            generations.Add(JsonSerializer.Deserialize<Generation>(members.ToJson(), options)!);
        }

        return generations.ToImmutable();
    }

    public override void Write(Utf8JsonWriter writer, ImmutableArray<Generation> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        JsonSerializer.Serialize(writer, value[0], options);
        if (value.Length > 1)
        {
            var before = MembersOf(value[0], options);
            for (var i = 1; i < value.Length; i++)
            {
                var members = MembersOf(value[i], options);
                WriteChanges(writer, before, members, value[i].Id == NextIdAfter(value[i - 1].Id));
                before = members;
            }
        }

        writer.WriteEndArray();
    }

    private static Members MembersOf(Generation generation, JsonSerializerOptions options) => new(JsonSerializer.SerializeToElement(generation, options));

    private static void WriteChanges(Utf8JsonWriter writer, Members before, Members members, bool isNext)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in members.All)
        {
            if (name == Id ? !isNext : !(before.Find(name) is { } same && Raw(same).SequenceEqual(Raw(value))))
            {
                writer.WritePropertyName(name);
                writer.WriteRawValue(Raw(value), skipInputValidation: true);
            }
        }

        foreach (var (name, _) in before.All)
        {
            if (members.Find(name) is null)
            {
                writer.WriteNull(name);
            }
        }

        writer.WriteEndObject();
    }

    private static ReadOnlySpan<byte> Raw(JsonElement element) => JsonMarshal.GetRawUtf8Value(element);

    /// <summary>The id of the item behind one of a batch; null behind that of a single generation.</summary>
    private static string? NextIdAfter(string id) =>
        id.LastIndexOf('-') is var end and >= 0 && int.TryParse(id.AsSpan(end + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? string.Create(CultureInfo.InvariantCulture, $"{id.AsSpan(0, end)}-{number + 1}")
            : null;

    /// <summary>What a generation has, by stored names.</summary>
    private sealed class Members
    {
        private readonly string? _id;

        public Members(JsonElement json)
            : this([.. json.EnumerateObject().Select(member => (member.Name, member.Value))], null)
        {
        }

        private Members(ImmutableArray<(string Name, JsonElement Value)> all, string? id) => (All, _id) = (all, id);

        public ImmutableArray<(string Name, JsonElement Value)> All { get; }

        public JsonElement? Find(string name)
        {
            foreach (var member in All)
            {
                if (member.Name == name)
                {
                    return member.Value;
                }
            }

            return null;
        }

        /// <param name="nextId">Its id where the changes have none.</param>
        public Members ChangedBy(JsonElement json, string? nextId)
        {
            var changes = new Members(json);
            var kept = All.Where(member => member.Name != Id && changes.Find(member.Name) is null);
            return new Members([.. kept, .. changes.All.Where(member => member.Value.ValueKind != JsonValueKind.Null)], changes.Find(Id) is null ? nextId : null);
        }

        public ReadOnlySpan<byte> ToJson()
        {
            var json = new ArrayBufferWriter<byte>();
            using var writer = new Utf8JsonWriter(json);
            writer.WriteStartObject();
            if (_id is not null)
            {
                writer.WriteString(IdName, _id);
            }

            foreach (var (name, value) in All)
            {
                writer.WritePropertyName(name);
                writer.WriteRawValue(Raw(value), skipInputValidation: true);
            }

            writer.WriteEndObject();
            writer.Flush();
            return json.WrittenSpan;
        }
    }
}
