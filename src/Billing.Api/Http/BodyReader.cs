using System.Text.Json;
using Billing.Reading;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Http;

/// <summary>Reads request bodies, and no more of them than is allowed.</summary>
internal static class BodyReader
{
    private const int Most = 64 * 1024;
    private static readonly JsonDocumentOptions Bounds = new() { MaxDepth = 16 };

    /// <summary>The refusal of a longer one.</summary>
    public static readonly Refusal TooLarge = new(RefusalCodes.FileTooLarge, $"The request body is larger than {Most} bytes.");

    /// <summary>The whole body; null when it is too large.</summary>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request)
    {
        if (request.ContentLength > Most)
        {
            return null;
        }

        var buffer = new byte[(request.ContentLength ?? Most) + 1];
        var length = 0;
        while (length < buffer.Length)
        {
            var read = await request.Body.ReadAsync(buffer.AsMemory(length), request.HttpContext.RequestAborted).ConfigureAwait(false);
            if (read == 0)
            {
                return buffer.AsMemory(0, length);
            }

            length += read;
        }

        return null;
    }

    /// <summary>The JSON object in a body; nothing is an empty one.</summary>
    public static ObjectReader Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json.Span.Trim(" \t\r\n"u8).IsEmpty ? "{}"u8.ToArray() : json, Bounds);
            return ObjectReader.Root(document.RootElement.Clone());
        }
        catch (JsonException exception)
        {
            var nothing = ObjectReader.Nothing;
            nothing.Reject("body", $"is not valid JSON (line {(exception.LineNumber ?? 0) + 1}, byte {exception.BytePositionInLine ?? 0})");
            return nothing;
        }
    }
}
