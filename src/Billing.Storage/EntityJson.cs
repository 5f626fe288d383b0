using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using Billing.Engine.Ports;

namespace Billing.Storage;

/// <summary>A row as the JSON of an entity. Keys and tags are of characters that need no escapes (<see cref="TransactionRules"/>).</summary>
internal static class EntityJson
{
    public static void Write(PooledBytes into, string partitionKey, Row row)
    {
        into.Write("{\"PartitionKey\":\"");
        into.Write(partitionKey);
        into.Write("\",\"RowKey\":\"");
        into.Write(row.Key);
        into.Write("\"");
        var rest = row.Data.Bytes.Span;
        for (var column = 0; column == 0 || !rest.IsEmpty; column++)
        {
            var length = Math.Min(rest.Length, RowEntity.ColumnLength);
            WriteColumn(into, RowEntity.ColumnOf(column), rest[..length]);
            rest = rest[length..];
        }

        if (row.Tag is { } tag)
        {
            into.Write(",\"tag\":\"");
            into.Write(tag);
            into.Write("\"");
        }

        into.Write("}");
    }

    /// <summary>The row in an answer to a point read.</summary>
    /// <exception cref="JsonException">It is no entity of ours.</exception>
    public static Row Read(ReadOnlySpan<byte> json, string etag)
    {
        var reader = new Utf8JsonReader(json);
        var columns = new List<byte[]>(1);
        var found = 0;
        string? key = null, tag = null;
        Expect(reader.Read() && reader.TokenType == JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            Expect(reader.Read());
            if (name == "RowKey")
            {
                key = TextIn(ref reader);
            }
            else if (name == RowEntity.Tag)
            {
                tag = TextIn(ref reader);
            }
            else if (RowEntity.PlaceOf(name) is { } place)
            {
                Put(columns, place, BytesIn(ref reader));
                found++;
            }
            else
            {
                reader.Skip();
            }
        }

        Expect(reader.TokenType == JsonTokenType.EndObject && !reader.Read() && key is not null && found > 0 && found == columns.Count);
        return new Row(key!, RowEntity.Join(columns), tag, etag);
    }

    private static void WriteColumn(PooledBytes into, string name, ReadOnlySpan<byte> data)
    {
        into.Write(",\"");
        into.Write(name);
        into.Write("@odata.type\":\"Edm.Binary\",\"");
        into.Write(name);
        into.Write("\":\"");
        var status = Base64.EncodeToUtf8(data, into.GetSpan(Base64.GetMaxEncodedToUtf8Length(data.Length)), out _, out var written);
        into.Advance(status == OperationStatus.Done ? written : throw new InvalidOperationException($"Base64 says {status}."));
        into.Write("\"");
    }

    private static string TextIn(ref Utf8JsonReader reader)
    {
        Expect(reader.TokenType == JsonTokenType.String);
        return reader.GetString()!;
    }

    private static byte[] BytesIn(ref Utf8JsonReader reader)
    {
        byte[]? bytes = null;
        Expect(reader.TokenType == JsonTokenType.String && reader.TryGetBytesFromBase64(out bytes));
        return bytes!;
    }

    // Storage lists columns in the order in which it likes them.
    private static void Put(List<byte[]> columns, int place, byte[] data)
    {
        Expect(place < 32);
        while (columns.Count <= place)
        {
            columns.Add([]);
        }

        columns[place] = data;
    }

    private static void Expect(bool holds)
    {
        if (!holds)
        {
            throw new JsonException("Storage answered with something that is no row.");
        }
    }
}
