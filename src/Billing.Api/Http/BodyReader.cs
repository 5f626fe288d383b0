using System.Text.Json;
using Billing.Reading;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Billing.Api.Http;

/// <summary>Reads request bodies, and no more of them than is allowed.</summary>
internal static class BodyReader
{
    /// <summary>Most bytes of a body.</summary>
    public const int Usual = 64 * 1024;

    /// <summary>Most bytes of a body that holds many things.</summary>
    public const int Many = 512 * 1024;

    private static readonly string[] Utf8Names = ["utf-8", "utf8", "us-ascii"];
    private static readonly JsonDocumentOptions Bounds = new() { MaxDepth = 16 };

    /// <summary>The refusal of a longer one.</summary>
    public static Refusal TooLarge(ApiEndpoint endpoint) => new(RefusalCodes.FileTooLarge, $"The request body is larger than {endpoint.MostBodyBytes} bytes.");

    /// <summary>The whole body; null when it is larger than <paramref name="most"/> bytes.</summary>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, int most)
    {
        if (request.ContentLength > most)
        {
            return null;
        }

        var buffer = new byte[(request.ContentLength ?? most) + 1];
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

    /// <summary>What is wrong with how a body is encoded: it is JSON in UTF-8, and nothing is unpacked, for what a few bytes unpack to has no bound.</summary>
    public static Refusal? EncodingMistakeIn(HttpRequest request, ApiEndpoint endpoint)
    {
        var encoding = request.Headers.ContentEncoding.ToString();
        if (!endpoint.TakesBody || (encoding.Length == 0 && request.ContentType is not { Length: > 0 }))
        {
            return null;
        }

        if (encoding.Length > 0 && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            return new Refusal(RefusalCodes.UnsupportedMediaType, "The header Content-Encoding is not taken: send the body as it is, not compressed.");
        }

        return MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.Charset is { Length: > 0 } charset && !IsUtf8(charset)
            ? new Refusal(RefusalCodes.UnsupportedMediaType, "The body must be in UTF-8; the header Content-Type names another charset.")
            : null;
    }

    private static bool IsUtf8(StringSegment charset) => Utf8Names.Any(name => HeaderUtilities.RemoveQuotes(charset).Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The JSON object in a body; nothing is an empty one.</summary>
    public static ObjectReader Parse(ReadOnlyMemory<byte> json)
    {
        // Some write a byte order mark before it.
        json = json.Span.StartsWith("\uFEFF"u8) ? json[3..] : json;
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
