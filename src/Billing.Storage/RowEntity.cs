using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Billing.Engine.Ports;

namespace Billing.Storage;

/// <summary>How a row is an entity: its data in the binary columns data, data1, data2 …, its tag in tag.</summary>
internal static class RowEntity
{
    /// <summary>Bytes of one column: as many as storage takes, and whole groups of base64.</summary>
    public const int ColumnLength = 64 * 1024 / 3 * 3;

    public const string Tag = "tag";

    private const string Data = "data";

    public static Row ToRow(TableEntity entity) => new(entity.RowKey, DataOf(entity), entity.GetString(Tag), ToText(entity.ETag));

    /// <summary>A version as rows carry it.</summary>
    public static string ToText(ETag etag) => etag.ToString("H");

    public static string ColumnOf(int column) => column switch
    {
        0 => Data,
        1 => "data1",
        _ => string.Create(CultureInfo.InvariantCulture, $"{Data}{column}"),
    };

    /// <summary>Where a column's bytes belong; null where it holds none.</summary>
    public static int? PlaceOf(string column)
    {
        if (!column.StartsWith(Data, StringComparison.Ordinal))
        {
            return null;
        }

        var number = column.AsSpan(Data.Length);
        return number.IsEmpty ? 0 : int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var place) ? place : null;
    }

    /// <summary>The columns' bytes as one.</summary>
    public static RowData Join(List<byte[]> columns) => new(columns.Count == 1 ? columns[0] : columns.SelectMany(column => column).ToArray());

    private static RowData DataOf(TableEntity entity)
    {
        var columns = new List<byte[]>(1);
        while (entity.TryGetValue(ColumnOf(columns.Count), out var column))
        {
            columns.Add(column as byte[] ?? throw new InvalidDataException($"Row {entity.RowKey} holds something that is no row of ours."));
        }

        return Join(columns);
    }
}
