using System.Text;

namespace Billing.Storage;

/// <summary>A message's text as it travels: UTF-8 in Base64, as the Functions host has it unless told otherwise.</summary>
internal static class QueueText
{
    /// <summary>Most bytes of a message before Base64; storage takes 64 KiB after.</summary>
    public const int MaxBytes = 48 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="ArgumentException">It is empty, too long, or no text.</exception>
    public static string Encode(string text)
    {
        var bytes = Strict.GetBytes(text);
        return bytes.Length is 0 or > MaxBytes
            ? throw new ArgumentException($"A message has 1 to {MaxBytes} bytes.", nameof(text))
            : Convert.ToBase64String(bytes);
    }

    /// <summary>True and the text, unless <paramref name="raw"/> is not UTF-8 in Base64.</summary>
    public static bool TryDecode(string raw, out string text)
    {
        text = "";
        var bytes = new byte[raw.Length];
        if (!Convert.TryFromBase64String(raw, bytes, out var length) || length == 0)
        {
            return false;
        }

        try
        {
            text = Strict.GetString(bytes, 0, length);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
