using Microsoft.AspNetCore.Http;

namespace Billing.Api.Http;

/// <summary>Reads request bodies, and no more of them than is allowed.</summary>
internal static class BodyReader
{
    private const int Most = 64 * 1024;

    /// <summary>The refusal of a longer one.</summary>
    public static readonly Refusal TooLarge = new(Refusals.FileTooLarge, $"The request body is larger than {Most} bytes.");

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
}
