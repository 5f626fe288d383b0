using Billing.Engine.Ports;

namespace Billing.Engine.Rows;

/// <summary>Records as their rows, each serialized once however often it is asked for. For one commit, so it needs no locks.</summary>
public sealed class RowCache
{
    private readonly Dictionary<string, (Record Record, Row Row)> _rows = [];

    public Row Of(Record record)
    {
        var key = record.RowKey;
        if (_rows.TryGetValue(key, out var made) && ReferenceEquals(made.Record, record))
        {
            return made.Row;
        }

        var row = RowJson.ToRow(record);
        _rows[key] = (record, row);
        return row;
    }
}
