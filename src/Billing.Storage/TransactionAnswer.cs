using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Billing.Engine.Ports;

namespace Billing.Storage;

/// <summary>What storage says of a transaction: a part for each write, or one part for the write that failed.</summary>
internal static class TransactionAnswer
{
    private static ReadOnlySpan<byte> StatusLine => "HTTP/1.1 "u8;

    /// <exception cref="InvalidDataException">This is not what storage says.</exception>
    public static CommitResult Of(TableAnswer answer, ImmutableArray<RowWrite> writes)
    {
        var body = answer.Body.Written.Span;
        return answer.Status == 202 ? Read(body, writes) : StorageFaults.OfRefusal(StorageError.Of(answer.Status, body), writes);
    }

    private static CommitResult Read(ReadOnlySpan<byte> body, ImmutableArray<RowWrite> writes)
    {
        var etags = ImmutableArray.CreateBuilder<string?>(writes.Length);
        for (var next = body.IndexOf(StatusLine); next >= 0;)
        {
            body = body[(next + StatusLine.Length)..];
            next = body.IndexOf(StatusLine);
            var part = next < 0 ? body : body[..next];
            if (StatusOf(part) is var status and not (>= 200 and < 300))
            {
                return StorageFaults.OfRefusal(StorageError.Of(status, part[Math.Max(0, part.IndexOf((byte)'{'))..]), writes);
            }

            Expect(etags.Count < writes.Length);
            etags.Add(writes[etags.Count].Kind == WriteKind.Delete ? null : ETagOf(part));
        }

        Expect(etags.Count == writes.Length);
        return new CommitResult.Committed(etags.MoveToImmutable());
    }

    private static int StatusOf(ReadOnlySpan<byte> part)
    {
        var status = 0;
        Expect(part.Length >= 3 && int.TryParse(part[..3], out status));
        return status;
    }

    private static string ETagOf(ReadOnlySpan<byte> part)
    {
        while (part.IndexOf((byte)'\n') is >= 0 and var end)
        {
            var line = part[..end].TrimEnd((byte)'\r');
            if (line.Length > 5 && Ascii.EqualsIgnoreCase(line[..5], "etag:"u8))
            {
                return Encoding.ASCII.GetString(line[5..].Trim((byte)' '));
            }

            part = part[(end + 1)..];
        }

        throw new InvalidDataException("Storage did not say the version of a row that it stored.");
    }

    private static void Expect(bool holds)
    {
        if (!holds)
        {
            throw new InvalidDataException("Storage answered a transaction in words of its own.");
        }
    }
}

/// <summary>A refusal of storage.</summary>
/// <param name="Code">Its word for it; empty where it gave none, or somebody else answered.</param>
/// <param name="Index">Place of the write that failed; null where it is not told.</param>
internal readonly record struct StorageError(int Status, string Code, int? Index)
{
    /// <param name="json">What came with it, in whatever form.</param>
    public static StorageError Of(int status, ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            if (JsonDocument.TryParseValue(ref reader, out var document))
            {
                using (document)
                {
                    return Of(status, document.RootElement);
                }
            }
        }
        catch (JsonException)
        {
            // A gateway's page, or half of one.
        }

        return new StorageError(status, "", null);
    }

    private static StorageError Of(int status, JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Object || !answer.TryGetProperty("odata.error", out var error) || error.ValueKind != JsonValueKind.Object)
        {
            return new StorageError(status, "", null);
        }

        var code = error.TryGetProperty("code", out var word) && word.ValueKind == JsonValueKind.String ? word.GetString()! : "";
        return new StorageError(status, code, error.TryGetProperty("message", out var message) ? IndexIn(message) : null);
    }

    // "3:The specified entity already exists."
    private static int? IndexIn(JsonElement message)
    {
        var text = message.ValueKind == JsonValueKind.Object && message.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        return text.IndexOf(':', StringComparison.Ordinal) is > 0 and var end && int.TryParse(text.AsSpan(0, end), out var index) ? index : null;
    }
}
