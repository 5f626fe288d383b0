using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Billing.Engine.Ports;

namespace Billing.Storage;

/// <summary>A row as an entity: its text in columns data, data1, data2 …, its tag in tag.</summary>
internal static class RowEntity
{
    // A string column holds 64 KiB, two bytes a character.
    private const int ColumnLength = 30_000;
    private const string Data = "data";
    private const string Tag = "tag";

    /// <summary>The row as storage takes it.</summary>
    public static TableEntity From(string partitionKey, Row row)
    {
        var entity = new TableEntity(partitionKey, row.Key);
        if (row.Data.Length <= ColumnLength)
        {
            entity.Add(Data, row.Data);
        }
        else
        {
            Split(row.Data, entity);
        }

        if (row.Tag is not null)
        {
            entity.Add(Tag, row.Tag);
        }

        return entity;
    }

    public static Row ToRow(TableEntity entity) =>
        new(entity.RowKey, Join(entity), entity.GetString(Tag), ToText(entity.ETag));

    /// <summary>A version as rows carry it.</summary>
    public static string ToText(ETag etag) => etag.ToString("H");

    private static void Split(string text, TableEntity entity)
    {
        var column = 0;
        for (var at = 0; at < text.Length; column++)
        {
            var length = Math.Min(ColumnLength, text.Length - at);
            // Half of a surrogate pair is no character, and would not survive the way.
            if (char.IsHighSurrogate(text[at + length - 1]))
            {
                length--;
            }

            entity.Add(Name(column), text.Substring(at, length));
            at += length;
        }
    }

    private static string Join(TableEntity entity)
    {
        var text = entity.GetString(Data) ?? "";
        if (!entity.ContainsKey(Name(1)))
        {
            return text;
        }

        var parts = new List<string> { text };
        for (var column = 1; entity.TryGetValue(Name(column), out var part); column++)
        {
            parts.Add((string)part);
        }

        return string.Concat(parts);
    }

    private static string Name(int column) => column switch
    {
        0 => Data,
        1 => "data1",
        _ => string.Create(CultureInfo.InvariantCulture, $"{Data}{column}"),
    };
}
