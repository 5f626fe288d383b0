using Billing.Engine.Ports;

namespace Billing.Storage;

/// <summary>
/// An entity group transaction as storage takes it (learn.microsoft.com, "Performing entity group transactions"). Boundaries are always the same: a row's
/// JSON is one line, and no line of it begins with one.
/// </summary>
internal static class TransactionBody
{
    public const string ContentType = "multipart/mixed; boundary=batch_b";

    private const string Start = "--batch_b\r\nContent-Type: multipart/mixed; boundary=changeset_c\r\n\r\n";
    private const string Part = "--changeset_c\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n";
    private const string Headers = " HTTP/1.1\r\nAccept: application/json;odata=nometadata\r\nDataServiceVersion: 3.0\r\nPrefer: return-no-content\r\n";
    private const string JsonFollows = "Content-Type: application/json\r\n\r\n";
    private const string End = "--changeset_c--\r\n--batch_b--\r\n";

    /// <param name="table">Address of the table.</param>
    public static PooledBytes Of(string table, string partitionKey, ReadOnlySpan<RowWrite> writes)
    {
        var body = new PooledBytes(LengthOf(table, writes));
        body.Write(Start);
        foreach (var write in writes)
        {
            body.Write(Part);
            body.Write(MethodOf(write.Kind));
            body.Write(write.Kind == WriteKind.Insert ? table : EntityAddress.Of(table, partitionKey, write.Row.Key));
            body.Write(Headers);
            WriteCondition(body, write);
            if (write.Kind == WriteKind.Delete)
            {
                body.Write("\r\n");
            }
            else
            {
                body.Write(JsonFollows);
                EntityJson.Write(body, partitionKey, write.Row);
            }

            body.Write("\r\n");
        }

        body.Write(End);
        return body;
    }

    private static string MethodOf(WriteKind kind) => kind switch
    {
        WriteKind.Insert => "POST ",
        WriteKind.Replace or WriteKind.Put => "PUT ",
        WriteKind.Delete => "DELETE ",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such write."),
    };

    // An unconditional PUT takes the place of whatever is there; an unconditional DELETE has to say so.
    private static void WriteCondition(PooledBytes body, RowWrite write)
    {
        if (write.Kind == WriteKind.Replace || write.Kind == WriteKind.Delete)
        {
            body.Write("If-Match: ");
            body.Write(write.Row.ETag ?? "*");
            body.Write("\r\n");
        }
    }

    private static int LengthOf(string table, ReadOnlySpan<RowWrite> writes)
    {
        var length = Start.Length + End.Length;
        foreach (var write in writes)
        {
            length += 768 + table.Length + (3 * write.Row.Key.Length) + (write.Row.Data.Length * 4 / 3);
        }

        return length;
    }
}
